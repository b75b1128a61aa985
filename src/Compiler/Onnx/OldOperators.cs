using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Onnx;

/// <summary>
/// Spells operators of the sets 1 to 6 (before 2018) as set 7 has them, the first that ONNX Runtime runs: it brought the broadcasting of NumPy, where a flag and an axis had been.
/// </summary>
internal static class OldOperators
{
    private const long Oldest = 7;

    private static readonly HashSet<string> s_broadcasting = new(StringComparer.Ordinal) { "Add", "And", "Div", "Equal", "Greater", "Less", "Mul", "Or", "Pow", "PRelu", "Sub", "Xor" };

    /// <summary>What the later operators have no more, and what means nothing at inference.</summary>
    private static readonly HashSet<string> s_dropped = new(StringComparer.Ordinal) { "broadcast", "consumed_inputs", "is_test" };

    /// <summary>Upgrades in place; a newer model stays as it is.</summary>
    /// <exception cref="UnsupportedModelException">An operand is aligned with an axis, but is no constant whose shape is known.</exception>
    public static void Upgrade(ModelProto model)
    {
        OperatorSetIdProto? standard = model.OpsetImport.FirstOrDefault(o => o.Domain is "" or "ai.onnx");
        if (standard is not { Version: >= 1 and < Oldest })
        {
            return;
        }

        GraphProto graph = model.Graph;
        NodeProto[] nodes = [.. graph.Node];
        graph.Node.Clear();
        foreach (NodeProto proto in nodes)
        {
            var node = new GraphNode(proto);
            var writer = new NodeWriter(graph, $"{node.FirstOutput}/upgrade");
            if (s_broadcasting.Contains(node.OpType) && node.HasInput(1))
            {
                Align(node, graph, writer);
            }
            else if (node.OpType == "Reshape" && node.Proto.Attribute.FirstOrDefault(a => a.Name == "shape") is { } shape)
            {
                proto.Input.Add(writer.Integers([.. shape.Ints]));
                _ = proto.Attribute.Remove(shape);
            }
            else if (node.OpType == "Concat" && !node.Has("axis"))
            {
                proto.Attribute.Add(Attributes.Int("axis", 1));
            }

            foreach (AttributeProto old in proto.Attribute.Where(a => s_dropped.Contains(a.Name)).ToArray())
            {
                _ = proto.Attribute.Remove(old);
            }

            graph.Node.Add(proto);
        }

        standard.Version = Oldest;
    }

    /// <summary>Gives the second operand, which lies along the first's axes from a given one on, an axis of one element for each that follows.</summary>
    private static void Align(GraphNode node, GraphProto graph, NodeWriter writer)
    {
        AttributeProto? axis = node.Proto.Attribute.FirstOrDefault(a => a.Name == "axis");
        long at = node.OpType == "PRelu" ? 1 : node.Int("broadcast", 0) != 0 && axis is not null ? axis.I : -1;
        _ = axis is not null && node.Proto.Attribute.Remove(axis);
        if (at < 0)
        {
            return;
        }

        TensorProto operand = graph.Initializer.FirstOrDefault(t => t.Name == node.Inputs[1])
            ?? throw new UnsupportedModelException($"Node {node.Label} aligns its second operand with axis {at}, as operator sets before 7 do, which is supported for constants of the graph; export the model with a newer operator set.");
        if (operand.Dims.Aggregate(1L, (a, d) => a * d) == 1)
        {
            return;
        }

        // The sizes that follow, each divided by itself.
        string shape = writer.Add("Shape", node.Inputs[0]);
        string rest = writer.Add("Slice", [shape], Attributes.Ints("axes", 0), Attributes.Ints("starts", at + operand.Dims.Count), Attributes.Ints("ends", int.MaxValue));
        string target = writer.Add("Concat", [writer.Integers([.. operand.Dims]), writer.Add("Div", rest, rest)], Attributes.Int("axis", 0));
        node.Proto.Input[1] = writer.Add("Reshape", operand.Name, target);
    }
}
