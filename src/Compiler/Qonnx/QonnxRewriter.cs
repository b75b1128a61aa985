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

    /// <summary>From here on the axes of a sum are an input.</summary>
    private const int OpsetOfReducedAxes = 13;

    /// <summary>The model with standard operators only.</summary>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model, or a quantizer lacks an input.</exception>
    public static byte[] Rewrite(byte[] onnx) => Parsed(onnx).ToByteArray();

    /// <summary>The parsed model with standard operators only.</summary>
    internal static ModelProto Parsed(byte[] onnx)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        ModelProto model = OnnxFile.Parse(onnx);
        Rewrite(model);
        return model;
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
            "Quant" or "IntQuant" => 4,
            "BipolarQuant" or "MultiThreshold" => 2,
            "Trunc" => node.Inputs.Count > 5 ? 7 : 5,
            _ => throw OperatorTable.Unsupported(node),
        };
        if (!Enumerable.Range(0, inputs).All(node.HasInput) || node.FirstOutput.Length == 0)
        {
            throw new InvalidModelException($"Node {node.Label} lacks an input or its output; {node.OpType} has {inputs} inputs and one output.");
        }

        var writer = new NodeWriter(graph, $"{node.Outputs[0]}/blindgrain");
        var rounding = new RoundingWriter(writer, hasRound: opset >= OpsetOfRound);
        string result = node.OpType switch
        {
            "BipolarQuant" => Bipolar(node, writer),
            "MultiThreshold" => Thresholds(node, writer, opset),
            "Trunc" => inputs == 7 ? ScaledTrunc(node, writer, rounding) : Trunc(node, writer, rounding),
            _ => Quant(node, writer, rounding),
        };
        writer.AddNamed("Identity", node.Outputs[0], [result]);
    }

    private static string Quant(GraphNode node, NodeWriter writer, RoundingWriter rounding)
    {
        bool signed = node.Int("signed", 1) != 0, narrow = node.Int("narrow", 0) != 0;

        // QKeras's exporter writes zero-points as int64.
        string scale = writer.Add("Cast", [node.Inputs[1]], Attributes.Int("to", 1)), zero = writer.Add("Cast", [node.Inputs[2]], Attributes.Int("to", 1));

        string bits = Number(node.Inputs[3], writer);
        (string min, string max) = Range(bits, signed, narrow, writer);
        string shifted = writer.Add("Add", writer.Add("Div", node.Inputs[0], scale), zero);
        string q = writer.Add("Min", writer.Add("Max", rounding.By(node.Text("rounding_mode", "ROUND"), shifted), min), max);

        // One signed bit is not −1 and 0, but a sign.
        q = signed ? writer.Add("Where", writer.Add("Less", bits, writer.Scalar(1.5f)), Signs(shifted, writer), q) : q;
        return writer.Add("Mul", writer.Add("Sub", q, zero), scale);
    }

    /// <summary>A tensor of one element as a float without axes.</summary>
    private static string Number(string tensor, NodeWriter writer) => writer.Add("Reshape", writer.Add("Cast", [tensor], Attributes.Int("to", 1)), writer.Integers());

    /// <summary>The range of integers, computed in the graph: the bit-width may be any tensor. Signed: −2^(b−1) + narrow to 2^(b−1) − 1; unsigned: 0 to 2^b − 1 − narrow.</summary>
    private static (string Min, string Max) Range(string bits, bool signed, bool narrow, NodeWriter writer)
    {
        string power = writer.Add("Pow", writer.Scalar(2), writer.Add("Sub", bits, writer.Scalar(signed ? 1 : 0)));
        string min = writer.Add("Add", writer.Add("Mul", power, writer.Scalar(signed ? -1 : 0)), writer.Scalar(signed && narrow ? 1 : 0));
        return (min, writer.Add("Add", power, writer.Scalar(!signed && narrow ? -2 : -1)));
    }

    private static string Signs(string x, NodeWriter writer) => writer.Add("Where", writer.Add("Less", x, writer.Scalar(0)), writer.Scalar(-1), writer.Scalar(1));

    private static string Bipolar(GraphNode node, NodeWriter writer) => writer.Add("Mul", Signs(node.Inputs[0], writer), node.Inputs[1]);

    /// <summary>The number of a channel's thresholds, [channels, thresholds], that are not above x: a comparison with each along a last axis of their own, summed.</summary>
    private static string Thresholds(GraphNode node, NodeWriter writer, long opset)
    {
        string shape = writer.Add("Shape", node.Inputs[0]), x, thresholds = node.Inputs[1];
        if (node.Text("data_layout", "NCHW") == "NCHW")
        {
            x = writer.Add("Reshape", node.Inputs[0], writer.Integers(0, 0, -1, 1));
            thresholds = writer.Add("Reshape", thresholds, writer.Integers(0, 1, -1));
        }
        else
        {
            x = writer.Add("Reshape", node.Inputs[0], writer.Add("Concat", [shape, writer.Integers(1)], Attributes.Int("axis", 0)));
        }

        string reached = writer.Add("Cast", [writer.Add("Not", writer.Add("Less", x, thresholds))], Attributes.Int("to", 1));
        string count = opset < OpsetOfReducedAxes
            ? writer.Add("ReduceSum", [reached], Attributes.Ints("axes", -1), Attributes.Int("keepdims", 0))
            : writer.Add("ReduceSum", [reached, writer.Integers(-1)], Attributes.Int("keepdims", 0));
        string scaled = writer.Add("Mul", writer.Add("Reshape", count, shape), writer.Scalar(node.Float("out_scale", 1)));
        return writer.Add("Add", scaled, writer.Scalar(node.Float("out_bias", 0)));
    }

    /// <summary>QONNX's second version: the number of bits that are dropped follows from the scales, and the result is clipped to its own width.</summary>
    private static string ScaledTrunc(GraphNode node, NodeWriter writer, RoundingWriter rounding)
    {
        string scale = writer.Add("Cast", [node.Inputs[1]], Attributes.Int("to", 1)), zero = writer.Add("Cast", [node.Inputs[2]], Attributes.Int("to", 1));
        string bits = writer.Add("Div", writer.Add("Log", writer.Add("Div", node.Inputs[4], scale)), writer.Scalar(MathF.Log(2)));
        string divisor = writer.Add("Pow", writer.Scalar(2), rounding.HalfEven(bits));
        string q = rounding.HalfEven(writer.Add("Add", writer.Add("Div", node.Inputs[0], scale), zero));
        (string min, string max) = Range(Number(node.Inputs[6], writer), node.Int("signed", 1) != 0, node.Int("narrow", 0) != 0, writer);
        string dropped = rounding.By(node.Text("rounding_mode", "FLOOR"), writer.Add("Div", q, divisor));
        string clipped = writer.Add("Min", writer.Add("Max", dropped, min), max);
        return writer.Add("Mul", writer.Add("Sub", clipped, writer.Add("Div", zero, divisor)), node.Inputs[4]);
    }

    private static string Trunc(GraphNode node, NodeWriter writer, RoundingWriter rounding)
    {
        string q = rounding.HalfEven(writer.Add("Add", writer.Add("Div", node.Inputs[0], node.Inputs[1]), node.Inputs[2]));
        string divisor = writer.Add("Pow", writer.Scalar(2), writer.Add("Sub", node.Inputs[3], node.Inputs[4]));
        string dropped = rounding.By(node.Text("rounding_mode", "FLOOR"), writer.Add("Div", q, divisor));
        return writer.Add("Mul", writer.Add("Sub", dropped, node.Inputs[2]), node.Inputs[1]);
    }
}
