using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Compiler.Operators;
using Google.Protobuf;

namespace BlindGrain.Compiler;

/// <summary>
/// Rewrites QONNX's Quant nodes into standard operators, Div, Add, Round, Max, Min, Sub, Mul, so that ONNX Runtime can run the model:
/// the float reference that circuits are held against.
/// </summary>
public static class QonnxRewriter
{
    /// <summary>Rounding half to even came with operator set 11.</summary>
    private const int RoundOpset = 11;

    /// <summary>The model with standard operators only.</summary>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model.</exception>
    /// <exception cref="UnsupportedModelException">A quantizer's bit-width is not constant.</exception>
    public static byte[] Rewrite(byte[] onnx)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        ModelProto model = OnnxFile.Parse(onnx);
        GraphProto graph = model.Graph;
        var constants = graph.Initializer.ToDictionary(t => t.Name, StringComparer.Ordinal);
        NodeProto[] nodes = [.. graph.Node];
        graph.Node.Clear();
        foreach (NodeProto proto in nodes)
        {
            var node = new GraphNode(proto);
            if (OperatorTable.IsQuantizer(node))
            {
                Expand(node, graph, constants);
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

    private static void Expand(GraphNode node, GraphProto graph, Dictionary<string, TensorProto> constants)
    {
        if (node.Inputs.Count < 4 || !constants.TryGetValue(node.Inputs[3], out TensorProto? width))
        {
            throw new UnsupportedModelException($"Node {node.Label} has a bit-width that is not constant.");
        }

        float bits = OnnxFile.ToTensor(width).Scalar($"The bit-width of node {node.Label}");
        bool signed = node.Int("signed", 1) != 0, narrow = node.Int("narrow", 0) != 0;
        float min = signed ? -MathF.Pow(2, bits - 1) + (narrow ? 1 : 0) : 0;
        float max = signed ? MathF.Pow(2, bits - 1) - 1 : MathF.Pow(2, bits) - 1 - (narrow ? 1 : 0);
        string output = node.Outputs[0], prefix = $"{output}/blindgrain";
        graph.Initializer.Add(Scalar($"{prefix}/min", min));
        graph.Initializer.Add(Scalar($"{prefix}/max", max));
        graph.Node.Add(Node("Div", $"{prefix}/scaled", node.Inputs[0], node.Inputs[1]));
        graph.Node.Add(Node("Add", $"{prefix}/shifted", $"{prefix}/scaled", node.Inputs[2]));
        graph.Node.Add(Node("Round", $"{prefix}/rounded", $"{prefix}/shifted"));
        graph.Node.Add(Node("Max", $"{prefix}/low", $"{prefix}/rounded", $"{prefix}/min"));
        graph.Node.Add(Node("Min", $"{prefix}/clipped", $"{prefix}/low", $"{prefix}/max"));
        graph.Node.Add(Node("Sub", $"{prefix}/centred", $"{prefix}/clipped", node.Inputs[2]));
        graph.Node.Add(Node("Mul", output, $"{prefix}/centred", node.Inputs[1]));
    }

    private static TensorProto Scalar(string name, float value) => new() { Name = name, DataType = 1, FloatData = { value } };

    private static NodeProto Node(string op, string output, params string[] inputs) => new() { OpType = op, Name = output, Output = { output }, Input = { inputs } };
}
