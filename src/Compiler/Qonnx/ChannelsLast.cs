using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler;

/// <summary>
/// Spells QONNX's operators on tensors whose channels come last (https://github.com/fastmachinelearning/qonnx, qonnx.custom_op.channels_last, and MaxPoolNHWC)
/// as standard operators between transpositions, which cost no bootstraps. QKeras's exporter writes them.
/// </summary>
internal static class ChannelsLast
{
    /// <summary>The domain of the wrapped operators.</summary>
    public const string Domain = "qonnx.custom_op.channels_last";

    /// <summary>Rewrites in place.</summary>
    /// <exception cref="UnsupportedModelException">A node of the domain has no known counterpart.</exception>
    /// <exception cref="InvalidModelException">A node lacks an input, its output or its window.</exception>
    public static void Lower(GraphProto graph)
    {
        if (!graph.Node.Any(IsLowered))
        {
            return;
        }

        NodeProto[] nodes = [.. graph.Node];
        graph.Node.Clear();
        foreach (NodeProto proto in nodes)
        {
            if (IsLowered(proto))
            {
                Lower(new GraphNode(proto), graph);
            }
            else
            {
                graph.Node.Add(proto);
            }
        }
    }

    private static bool IsLowered(NodeProto node) => node.Domain == Domain || (node.OpType == "MaxPoolNHWC" && node.Domain is "qonnx.custom_op.general" or "finn.custom_op.general");

    private static void Lower(GraphNode node, GraphProto graph)
    {
        string op = node.OpType == "MaxPoolNHWC" ? "MaxPool" : node.OpType;
        int inputs = op switch
        {
            "Conv" => 2,
            "MaxPool" or "AveragePool" => 1,
            "BatchNormalization" => 5,
            _ => throw new UnsupportedModelException($"Operator {node.Domain}.{node.OpType} of node {node.Label} is not supported. Supported of this domain: AveragePool, BatchNormalization, Conv, MaxPool."),
        };
        if (!Enumerable.Range(0, inputs).All(node.HasInput) || node.FirstOutput.Length == 0)
        {
            throw new InvalidModelException($"Node {node.Label} lacks an input or its output.");
        }

        var writer = new NodeWriter(graph, $"{node.FirstOutput}/channels-last");
        if (op == "BatchNormalization")
        {
            Normalize(node, writer);
            return;
        }

        int axes = node.Proto.Attribute.FirstOrDefault(a => a.Name == "kernel_shape")?.Ints.Count ?? 0;
        if (axes is < 1 or > 8)
        {
            throw new InvalidModelException($"Node {node.Label} has no kernel_shape of 1 to 8 sizes.");
        }

        // Axes: batch, spatial ones, channels. Kernels lie alike: outputs, spatial axes, inputs.
        AttributeProto toFirst = Attributes.Ints("perm", [0, axes + 1, .. Enumerable.Range(1, axes).Select(a => (long)a)]);
        AttributeProto toLast = Attributes.Ints("perm", [0, .. Enumerable.Range(2, axes).Select(a => (long)a), 1]);
        NodeProto standard = node.Proto.Clone();
        (standard.OpType, standard.Domain) = (op, "");
        for (int i = 0; i < inputs; i++)
        {
            standard.Input[i] = writer.Add("Transpose", [node.Inputs[i]], toFirst);
        }

        standard.Output[0] = $"{node.FirstOutput}/channels-first";
        graph.Node.Add(standard);
        writer.AddNamed("Transpose", node.FirstOutput, [standard.Output[0]], toLast);
    }

    /// <summary>The parameters lie along the last axis already, so that they broadcast: (x − mean) · (gamma / √(variance + ε)) + beta.</summary>
    private static void Normalize(GraphNode node, NodeWriter writer)
    {
        string deviation = writer.Add("Sqrt", writer.Add("Add", node.Inputs[4], writer.Scalar(node.Float("epsilon", 1e-5f))));
        string scaled = writer.Add("Mul", writer.Add("Sub", node.Inputs[0], node.Inputs[3]), writer.Add("Div", node.Inputs[1], deviation));
        writer.AddNamed("Add", node.FirstOutput, [scaled, node.Inputs[2]]);
    }
}
