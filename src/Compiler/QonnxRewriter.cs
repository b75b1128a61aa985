using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Compiler.Operators;
using Google.Protobuf;

namespace BlindGrain.Compiler;

/// <summary>
/// Rewrites QONNX's Quant nodes into standard operators, Div, Add, Round, Max, Min, Sub, Mul (and Pow for the range), so that ONNX Runtime can run the model:
/// the float reference that circuits are held against.
/// </summary>
public static class QonnxRewriter
{
    /// <summary>Rounding half to even came with operator set 11.</summary>
    private const int RoundOpset = 11;

    /// <summary>The model with standard operators only.</summary>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model, or a quantizer lacks an input.</exception>
    public static byte[] Rewrite(byte[] onnx)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        ModelProto model = OnnxFile.Parse(onnx);
        GraphProto graph = model.Graph;
        NodeProto[] nodes = [.. graph.Node];
        graph.Node.Clear();
        foreach (NodeProto proto in nodes)
        {
            var node = new GraphNode(proto);
            if (OperatorTable.IsQuantizer(node))
            {
                Expand(node, graph);
            }
            else
            {
                graph.Node.Add(proto);
            }
        }

        OperatorSetIdProto[] standard = [.. model.OpsetImport.Where(o => o.Domain is "" or "ai.onnx")];
        model.OpsetImport.Clear();
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Math.Max(RoundOpset, standard.Length == 0 ? 0 : standard.Max(o => o.Version)) });
        return model.ToByteArray();
    }

    private static void Expand(GraphNode node, GraphProto graph)
    {
        if (node.Inputs.Count < 4 || node.Inputs.Any(i => i.Length == 0) || node.Outputs.Count == 0)
        {
            throw new InvalidModelException($"Node {node.Label} lacks an input or its output: a quantizer has a value, a scale, a zero-point and a bit-width.");
        }

        string output = node.Outputs[0], prefix = $"{output}/blindgrain";
        Bounds(node, graph, prefix);
        graph.Node.Add(Node("Div", $"{prefix}/scaled", node.Inputs[0], node.Inputs[1]));
        graph.Node.Add(Node("Add", $"{prefix}/shifted", $"{prefix}/scaled", node.Inputs[2]));
        graph.Node.Add(Node("Round", $"{prefix}/rounded", $"{prefix}/shifted"));
        graph.Node.Add(Node("Max", $"{prefix}/low", $"{prefix}/rounded", $"{prefix}/min"));
        graph.Node.Add(Node("Min", $"{prefix}/clipped", $"{prefix}/low", $"{prefix}/max"));
        graph.Node.Add(Node("Sub", $"{prefix}/centred", $"{prefix}/clipped", node.Inputs[2]));
        graph.Node.Add(Node("Mul", output, $"{prefix}/centred", node.Inputs[1]));
    }

    /// <summary>Adds the ends of a quantizer's range, computed in the graph: the bit-width may be any tensor, not only an initializer.</summary>
    private static void Bounds(GraphNode node, GraphProto graph, string prefix)
    {
        bool signed = node.Int("signed", 1) != 0, narrow = node.Int("narrow", 0) != 0;

        // Signed: −2^(b−1) + narrow to 2^(b−1) − 1; unsigned: 0 to 2^b − 1 − narrow.
        graph.Initializer.Add(Scalar($"{prefix}/two", 2));
        graph.Initializer.Add(Scalar($"{prefix}/signBits", signed ? 1 : 0));
        graph.Initializer.Add(Scalar($"{prefix}/minFactor", signed ? -1 : 0));
        graph.Initializer.Add(Scalar($"{prefix}/minSummand", signed && narrow ? 1 : 0));
        graph.Initializer.Add(Scalar($"{prefix}/maxSummand", !signed && narrow ? -2 : -1));
        graph.Node.Add(Node("Sub", $"{prefix}/valueBits", node.Inputs[3], $"{prefix}/signBits"));
        graph.Node.Add(Node("Pow", $"{prefix}/power", $"{prefix}/two", $"{prefix}/valueBits"));
        graph.Node.Add(Node("Mul", $"{prefix}/negated", $"{prefix}/power", $"{prefix}/minFactor"));
        graph.Node.Add(Node("Add", $"{prefix}/min", $"{prefix}/negated", $"{prefix}/minSummand"));
        graph.Node.Add(Node("Add", $"{prefix}/max", $"{prefix}/power", $"{prefix}/maxSummand"));
    }

    private static TensorProto Scalar(string name, float value) => new() { Name = name, DataType = 1, FloatData = { value } };

    private static NodeProto Node(string op, string output, params string[] inputs) => new() { OpType = op, Name = output, Output = { output }, Input = { inputs } };
}
