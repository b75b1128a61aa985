using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Compiler.Operators;
using Google.Protobuf;

namespace BlindGrain.Compiler;

/// <summary>
/// Rewrites QONNX's quantizers into standard operators, so that ONNX Runtime can run the model: the float reference that circuits are held against.
/// </summary>
public static class QonnxRewriter
{
    /// <summary>The first operator set with all that is written, Where and Sign the latest. Raising a model's higher would change what its nodes mean.</summary>
    private const int LeastOpset = 9;

    /// <summary>Rounding half to even came with this operator set.</summary>
    private const int OpsetOfRound = 11;

    /// <summary>The model with standard operators only.</summary>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model, or a quantizer lacks an input.</exception>
    public static byte[] Rewrite(byte[] onnx)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        ModelProto model = OnnxFile.Parse(onnx);
        Rewrite(model);
        return model.ToByteArray();
    }

    /// <summary>Rewrites in place; a model without such quantizers stays as it is.</summary>
    internal static void Rewrite(ModelProto model)
    {
        GraphProto graph = model.Graph;
        NodeProto[] nodes = [.. graph.Node];
        if (!Array.Exists(nodes, n => OperatorTable.IsQonnx(new GraphNode(n))))
        {
            return;
        }

        long standard = Math.Max(LeastOpset, model.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").Select(o => o.Version).DefaultIfEmpty(0).Max());
        graph.Node.Clear();
        foreach (NodeProto proto in nodes)
        {
            var node = new GraphNode(proto);
            if (OperatorTable.IsQonnx(node))
            {
                Expand(node, graph, standard);
            }
            else
            {
                graph.Node.Add(proto);
            }
        }

        OperatorSetIdProto[] others = [.. model.OpsetImport.Where(o => o.Domain is not ("" or "ai.onnx") && graph.Node.Any(n => n.Domain == o.Domain))];
        model.OpsetImport.Clear();
        model.OpsetImport.Add(new OperatorSetIdProto { Version = standard });
        model.OpsetImport.Add(others);
    }

    private static void Expand(GraphNode node, GraphProto graph, long opset)
    {
        int inputs = node.OpType switch
        {
            "Quant" => 4,
            "BipolarQuant" => 2,
            "Trunc" => 5,
            _ => throw new UnsupportedModelException($"Operator {node.Domain}.{node.OpType} of node {node.Label} is not supported. Supported of this domain: BipolarQuant, Quant, Trunc."),
        };
        if (!Enumerable.Range(0, inputs).All(node.HasInput) || node.Outputs.Count == 0)
        {
            throw new InvalidModelException($"Node {node.Label} lacks an input or its output: a quantizer has a value, a scale, a zero-point and a bit-width.");
        }

        var writer = new NodeWriter(graph, $"{node.Outputs[0]}/blindgrain");
        var rounding = new RoundingWriter(writer, hasRound: opset >= OpsetOfRound);
        string result = node.OpType switch
        {
            "Quant" => Quant(node, writer, rounding),
            "BipolarQuant" => Bipolar(node, writer),
            _ => Trunc(node, writer, rounding),
        };
        writer.AddNamed("Identity", node.Outputs[0], result);
    }

    private static string Quant(GraphNode node, NodeWriter writer, RoundingWriter rounding)
    {
        bool signed = node.Int("signed", 1) != 0, narrow = node.Int("narrow", 0) != 0;

        // QKeras's exporter writes zero-points as int64.
        string scale = writer.Add("Cast", [node.Inputs[1]], Attributes.Int("to", 1)), zero = writer.Add("Cast", [node.Inputs[2]], Attributes.Int("to", 1));

        // Computed in the graph: the bit-width may be any tensor. Signed: −2^(b−1) + narrow to 2^(b−1) − 1; unsigned: 0 to 2^b − 1 − narrow.
        string bits = writer.Add("Reshape", writer.Add("Cast", [node.Inputs[3]], Attributes.Int("to", 1)), writer.Shape());
        string power = writer.Add("Pow", writer.Scalar(2), writer.Add("Sub", bits, writer.Scalar(signed ? 1 : 0)));
        string min = writer.Add("Add", writer.Add("Mul", power, writer.Scalar(signed ? -1 : 0)), writer.Scalar(signed && narrow ? 1 : 0));
        string max = writer.Add("Add", power, writer.Scalar(!signed && narrow ? -2 : -1));
        string shifted = writer.Add("Add", writer.Add("Div", node.Inputs[0], scale), zero);
        string q = rounding.By(node.Text("rounding_mode", "ROUND"), shifted);
        return writer.Add("Mul", writer.Add("Sub", writer.Add("Min", writer.Add("Max", q, min), max), zero), scale);
    }

    private static string Bipolar(GraphNode node, NodeWriter writer)
    {
        string negative = writer.Add("Less", node.Inputs[0], writer.Scalar(0));
        return writer.Add("Mul", writer.Add("Where", negative, writer.Scalar(-1), writer.Scalar(1)), node.Inputs[1]);
    }

    private static string Trunc(GraphNode node, NodeWriter writer, RoundingWriter rounding)
    {
        string q = rounding.HalfEven(writer.Add("Add", writer.Add("Div", node.Inputs[0], node.Inputs[1]), node.Inputs[2]));
        string divisor = writer.Add("Pow", writer.Scalar(2), writer.Add("Sub", node.Inputs[3], node.Inputs[4]));
        string dropped = rounding.By(node.Text("rounding_mode", "FLOOR"), writer.Add("Div", q, divisor));
        return writer.Add("Mul", writer.Add("Sub", dropped, node.Inputs[2]), node.Inputs[1]);
    }
}
