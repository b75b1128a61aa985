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
    /// <summary>Greater-or-equal came with operator set 12, rounding half to even with 11.</summary>
    private const int LeastOpset = 12;

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

        graph.Node.Clear();
        foreach (NodeProto proto in nodes)
        {
            var node = new GraphNode(proto);
            if (OperatorTable.IsQonnx(node))
            {
                Expand(node, graph);
            }
            else
            {
                graph.Node.Add(proto);
            }
        }

        long standard = model.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").Select(o => o.Version).DefaultIfEmpty(0).Max();
        OperatorSetIdProto[] others = [.. model.OpsetImport.Where(o => o.Domain is not ("" or "ai.onnx") && graph.Node.Any(n => n.Domain == o.Domain))];
        model.OpsetImport.Clear();
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Math.Max(LeastOpset, standard) });
        model.OpsetImport.Add(others);
    }

    private static void Expand(GraphNode node, GraphProto graph)
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
        string result = node.OpType switch
        {
            "Quant" => Quant(node, writer),
            "BipolarQuant" => Bipolar(node, writer),
            _ => Trunc(node, writer),
        };
        writer.AddNamed("Identity", node.Outputs[0], result);
    }

    private static string Quant(GraphNode node, NodeWriter writer)
    {
        bool signed = node.Int("signed", 1) != 0, narrow = node.Int("narrow", 0) != 0;
        string scale = node.Inputs[1], zero = node.Inputs[2];

        // Computed in the graph: the bit-width may be any tensor. Signed: −2^(b−1) + narrow to 2^(b−1) − 1; unsigned: 0 to 2^b − 1 − narrow.
        string bits = writer.Add("Reshape", writer.Add("Cast", [node.Inputs[3]], Attributes.Int("to", 1)), writer.Shape());
        string power = writer.Add("Pow", writer.Scalar(2), writer.Add("Sub", bits, writer.Scalar(signed ? 1 : 0)));
        string min = writer.Add("Add", writer.Add("Mul", power, writer.Scalar(signed ? -1 : 0)), writer.Scalar(signed && narrow ? 1 : 0));
        string max = writer.Add("Add", power, writer.Scalar(!signed && narrow ? -2 : -1));
        string shifted = writer.Add("Add", writer.Add("Div", node.Inputs[0], scale), zero);
        string q = Round(node, writer, shifted, "ROUND");
        return writer.Add("Mul", writer.Add("Sub", writer.Add("Min", writer.Add("Max", q, min), max), zero), scale);
    }

    private static string Bipolar(GraphNode node, NodeWriter writer)
    {
        string positive = writer.Add("GreaterOrEqual", node.Inputs[0], writer.Scalar(0));
        return writer.Add("Mul", writer.Add("Where", positive, writer.Scalar(1), writer.Scalar(-1)), node.Inputs[1]);
    }

    private static string Trunc(GraphNode node, NodeWriter writer)
    {
        string q = writer.Add("Round", writer.Add("Add", writer.Add("Div", node.Inputs[0], node.Inputs[1]), node.Inputs[2]));
        string divisor = writer.Add("Pow", writer.Scalar(2), writer.Add("Sub", node.Inputs[3], node.Inputs[4]));
        string dropped = Round(node, writer, writer.Add("Div", q, divisor), "FLOOR");
        return writer.Add("Mul", writer.Add("Sub", dropped, node.Inputs[2]), node.Inputs[1]);
    }

    private static string Round(GraphNode node, NodeWriter writer, string x, string otherwise) => node.Text("rounding_mode", otherwise).ToUpperInvariant() switch
    {
        "FLOOR" => writer.Add("Floor", x),
        "CEIL" => writer.Add("Ceil", x),
        "ROUND_TO_ZERO" or "DOWN" => Signed(writer, x, "Floor", 0),
        "UP" => Signed(writer, x, "Ceil", 0),
        "HALF_UP" => Signed(writer, x, "Floor", 0.5f),
        "HALF_DOWN" => Signed(writer, x, "Ceil", -0.5f),
        _ => writer.Add("Round", x),
    };

    private static string Signed(NodeWriter writer, string x, string op, float shift) =>
        writer.Add("Mul", writer.Add("Sign", x), writer.Add(op, writer.Add("Add", writer.Add("Abs", x), writer.Scalar(shift))));
}
