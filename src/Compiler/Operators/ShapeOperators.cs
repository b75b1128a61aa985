using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler.Operators;

/// <summary>Operators that move no number: elements keep their row-major order.</summary>
internal static class ShapeOperators
{
    public static GraphValue Identity(GraphNode node, ImportContext context) => context.Input(node, 0);

    public static GraphValue Shape(GraphNode node, ImportContext context)
    {
        int[] shape = ShapeOf(context.Input(node, 0));
        int start = End(node.Int("start", 0), shape.Length), end = Math.Max(start, End(node.Int("end", shape.Length), shape.Length));
        return new ConstantValue(new Tensor([end - start], [.. shape[start..end].Select(d => (float)d)], ElementType.Int64));
    }

    public static GraphValue Flatten(GraphNode node, ImportContext context)
    {
        GraphValue value = context.Input(node, 0);
        int[] shape = ShapeOf(value);
        int axis = (int)node.Int("axis", 1);
        axis = axis < 0 ? axis + shape.Length : axis;
        if (axis < 0 || axis > shape.Length)
        {
            throw new InvalidModelException($"Node {node.Label} flattens at axis {axis} of {shape.Length}.");
        }

        return WithShape(value, [Product(shape[..axis]), Product(shape[axis..])], node);
    }

    public static GraphValue Reshape(GraphNode node, ImportContext context)
    {
        GraphValue value = context.Input(node, 0);
        int[] old = ShapeOf(value);
        int[] shape = [.. context.Constant(node, 1, "a shape").Data.Select(d => (int)d)];
        for (int a = 0; a < shape.Length; a++)
        {
            if (shape[a] == 0 && node.Int("allowzero", 0) == 0)
            {
                shape[a] = a < old.Length ? old[a] : throw new InvalidModelException($"Node {node.Label} copies a size that is not there.");
            }
        }

        int open = Array.IndexOf(shape, -1);
        if (open >= 0)
        {
            int rest = shape.Where(d => d != -1).Aggregate(1, (a, b) => a * b);
            shape[open] = rest > 0 ? Product(old) / rest : 0;
        }

        return WithShape(value, shape, node);
    }

    public static GraphValue Transpose(GraphNode node, ImportContext context)
    {
        GraphValue value = context.Input(node, 0);
        int rank = ShapeOf(value).Length;
        int[] permutation = node.Ints("perm") ?? [.. Enumerable.Range(0, rank).Reverse()];
        return value switch
        {
            ConstantValue c => new ConstantValue(c.Tensor.Transpose(permutation)),
            QuantizedConstantValue q => new QuantizedConstantValue(q.Tensor.Transpose(permutation), q.Integers.Transpose(permutation), q.Scale.Transpose(permutation)),
            _ => throw new UnsupportedModelException($"Node {node.Label} transposes a tensor that depends on the input; only constants are transposed."),
        };
    }

    /// <summary>An end of a range of axes: negative ones count from the last, and all are clamped.</summary>
    private static int End(long axis, int rank) => (int)Math.Clamp(axis < 0 ? axis + rank : axis, 0, rank);

    private static GraphValue WithShape(GraphValue value, int[] shape, GraphNode node)
    {
        if (shape.Any(d => d < 1) || Product(shape) != Product(ShapeOf(value)))
        {
            throw new InvalidModelException($"Node {node.Label} reshapes [{string.Join(", ", ShapeOf(value))}] to [{string.Join(", ", shape)}], which has another number of elements.");
        }

        return value switch
        {
            ConstantValue c => new ConstantValue(c.Tensor.Reshape(shape)),
            QuantizedConstantValue q => new QuantizedConstantValue(q.Tensor.Reshape(shape), q.Integers.Reshape(shape), q.Scale.Reshape(shape)),
            InputValue x => x with { Shape = shape },
            EncryptedValue x => x with { Shape = shape },
            _ => throw new InvalidOperationException("Unknown kind of value."),
        };
    }

    private static int[] ShapeOf(GraphValue value) => value switch
    {
        ConstantValue c => c.Tensor.Shape,
        QuantizedConstantValue q => q.Tensor.Shape,
        InputValue x => x.Shape,
        EncryptedValue x => x.Shape,
        _ => throw new InvalidOperationException("Unknown kind of value."),
    };

    private static int Product(int[] shape) => shape.Aggregate(1, (a, b) => checked(a * b));
}
