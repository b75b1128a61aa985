using BlindGrain.Compiler.Functions;
using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler.Operators;

/// <summary>
/// Operators that move elements and compute nothing: ONNX Runtime runs the node on a tensor of element numbers, which tells where each element
/// comes from, whatever the operator and its version. Free of bootstraps.
/// </summary>
internal static class MovementOperators
{
    /// <summary>The most numbers that are told apart in a float.</summary>
    private const int MaxElements = 1 << 24;

    /// <summary>A node whose first input is moved.</summary>
    public static GraphValue[] Handle(GraphNode node, ImportContext context) => Move(node, context, 1);

    /// <summary>A node that joins all its inputs.</summary>
    public static GraphValue[] Concat(GraphNode node, ImportContext context) => Move(node, context, node.Inputs.Count);

    /// <summary>Resize and Upsample, where they repeat elements.</summary>
    public static GraphValue[] Resize(GraphNode node, ImportContext context) => node.Text("mode", "nearest") == "nearest"
        ? Move(node, context, 1)
        : throw new UnsupportedModelException($"Node {node.Label} resizes by {node.Text("mode", "nearest")}; nearest is supported.");

    /// <summary>The shape, or a part of it, as a constant.</summary>
    public static GraphValue[] Shape(GraphNode node, ImportContext context)
    {
        int[] shape = context.Input(node, 0).Shape;
        int start = End(node.Int("start", 0), shape.Length), end = Math.Max(start, End(node.Int("end", shape.Length), shape.Length));
        return [new ConstantValue(new Tensor([end - start], [.. shape[start..end].Select(d => (float)d)], ElementType.Int64))];
    }

    /// <summary>The number of elements as a constant.</summary>
    public static GraphValue[] Size(GraphNode node, ImportContext context) => [new ConstantValue(new Tensor([], [context.Input(node, 0).Length], ElementType.Int64))];

    private static GraphValue[] Move(GraphNode node, ImportContext context, int moved)
    {
        GraphValue[] sources = [.. Enumerable.Range(0, moved).Select(i => context.Input(node, i))];
        if (sources.OfType<ClientValue>().FirstOrDefault() is { } end)
        {
            throw ImportContext.AfterTheEnd(node, end);
        }

        var inputs = new Tensor?[node.Inputs.Count];
        long first = 1;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (i < moved)
            {
                inputs[i] = new Tensor(sources[i].Shape, [.. Enumerable.Range(0, sources[i].Length).Select(t => (float)(first + t))]);
                first += sources[i].Length;
            }
            else if (!(node.OpType == "Pad" && i == 2))
            {
                inputs[i] = node.HasInput(i) ? context.AnyConstant(node, i, "a setting") : null;
            }
        }

        if (first > MaxElements)
        {
            throw new UnsupportedModelException($"Node {node.Label} moves {first - 1} elements; at most {MaxElements} are supported.");
        }

        // What is filled in has the number 0.
        Tensor?[] numbers = context.Runner.Run(WithoutFill(node), inputs);
        float fill = node.OpType == "Pad" ? context.OptionalConstant(node, 2, "a fill")?.Scalar($"The fill of node {node.Label}") ?? node.Float("value", 0) : 0;
        return [.. numbers.Select(n => n is null ? null! : Gather(node, context, sources, n, fill))];
    }

    private static GraphNode WithoutFill(GraphNode node)
    {
        if (!node.Has("value"))
        {
            return node;
        }

        NodeProto proto = node.Proto.Clone();
        proto.Attribute.Remove(proto.Attribute.First(a => a.Name == "value"));
        return new GraphNode(proto);
    }

    private static GraphValue Gather(GraphNode node, ImportContext context, GraphValue[] sources, Tensor numbers, float fill)
    {
        int[] from = [.. numbers.Data.Select(n => (int)n - 1)];
        int[] shape = Sizes.Check(node.Label, numbers.Shape);
        if (sources is [InputValue x])
        {
            return Array.TrueForAll(from, f => f >= 0)
                ? x.Gather(shape, from)
                : throw new UnsupportedModelException($"Node {node.Label} fills in constants beside the input before its quantizer; quantize the input first.");
        }

        if (sources is [QuantizedConstantValue q] && Array.TrueForAll(from, f => f >= 0))
        {
            return new QuantizedConstantValue(Pick(q.Tensor, shape, from), Pick(q.Integers, shape, from), Pick(q.Scale, shape, from));
        }

        if (sources.Any(s => s is InputValue))
        {
            throw new UnsupportedModelException($"Node {node.Label} joins the input before its quantizer with another tensor; quantize the input first.");
        }

        ElementReference[] elements = [.. sources.SelectMany(s => s is EncryptedValue e ? e.Elements : Enumerable.Repeat(ElementReference.None, s.Length))];
        ElementFunction[] functions = [.. sources.SelectMany(s => Functions(s, context))];
        return new EncryptedValue(
            shape,
            [.. from.Select(f => f < 0 ? ElementReference.None : elements[f])],
            [.. from.Select(f => f < 0 ? context.Functions.Constant(fill) : functions[f])]);
    }

    private static IEnumerable<ElementFunction> Functions(GraphValue value, ImportContext context) => value switch
    {
        EncryptedValue e => e.Functions,
        ConstantValue c => c.Tensor.Data.Select(v => context.Functions.Constant(v)),
        QuantizedConstantValue q => q.Tensor.Data.Select(v => context.Functions.Constant(v)),
        _ => throw new InvalidOperationException("Unknown kind of value."),
    };

    private static Tensor Pick(Tensor tensor, int[] shape, int[] from) => new(shape, [.. from.Select(f => tensor.Data[f])], tensor.Type);

    /// <summary>An end of a range of axes: negative ones count from the last, and all are clamped.</summary>
    private static int End(long axis, int rank) => (int)Math.Clamp(axis < 0 ? axis + rank : axis, 0, rank);
}
