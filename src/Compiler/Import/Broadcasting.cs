namespace BlindGrain.Compiler.Import;

/// <summary>ONNX's multidirectional broadcasting (the rule of NumPy).</summary>
internal static class Broadcasting
{
    /// <summary>Row-major strides.</summary>
    public static int[] Strides(int[] shape)
    {
        var strides = new int[shape.Length];
        int stride = 1;
        for (int a = shape.Length - 1; a >= 0; a--)
        {
            strides[a] = stride;
            stride *= shape[a];
        }

        return strides;
    }

    /// <summary>The shape that tensors of the given shapes broadcast to.</summary>
    /// <exception cref="InvalidModelException">They do not broadcast to each other.</exception>
    public static int[] Shape(string node, params ReadOnlySpan<int[]> shapes)
    {
        int rank = 0;
        foreach (int[] shape in shapes)
        {
            rank = Math.Max(rank, shape.Length);
        }

        var result = new int[rank];
        Array.Fill(result, 1);
        foreach (int[] shape in shapes)
        {
            for (int a = 0; a < shape.Length; a++)
            {
                ref int target = ref result[rank - shape.Length + a];
                target = target == 1 ? shape[a] : shape[a] == 1 || shape[a] == target
                    ? target
                    : throw new InvalidModelException($"Node {node} joins tensors of shapes {string.Join(" and ", shapes.ToArray().Select(Text))}, which do not broadcast to each other.");
            }
        }

        return result;
    }

    /// <summary>For each element of a tensor of shape <paramref name="target"/>, the index of the element of a smaller tensor that broadcasts to it.</summary>
    public static int[] Indices(int[] shape, int[] target)
    {
        int extra = target.Length - shape.Length;
        int[] strides = Strides(shape);
        var indices = new int[Sizes.Product(target)];
        var index = new int[target.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            int from = 0;
            for (int a = 0; a < shape.Length; a++)
            {
                from += shape[a] == 1 ? 0 : index[a + extra] * strides[a];
            }

            indices[i] = from;
            for (int a = target.Length - 1; a >= 0 && ++index[a] == target[a]; a--)
            {
                index[a] = 0;
            }
        }

        return indices;
    }

    /// <summary>
    /// One value for each element of a tensor of shape <paramref name="target"/>, from a tensor that broadcasts to it without
    /// changing its shape.
    /// </summary>
    /// <exception cref="UnsupportedModelException">The tensor does not broadcast to the shape, or would enlarge it.</exception>
    public static float[] To(Tensor tensor, int[] target, string node)
    {
        int extra = target.Length - tensor.Shape.Length;
        bool fits = extra >= 0 || tensor.Shape.Take(-extra).All(d => d == 1);
        int[] shape = extra >= 0 ? [.. Enumerable.Repeat(1, extra), .. tensor.Shape] : tensor.Shape[-extra..];
        if (!fits || shape.Where((d, a) => d != 1 && d != target[a]).Any())
        {
            throw new UnsupportedModelException($"Node {node} joins a tensor of shape {Text(target)} with a constant of shape {Text(tensor.Shape)}, which does not broadcast to it.");
        }

        return [.. Indices(shape, target).Select(i => tensor.Data[i])];
    }

    private static string Text(int[] shape) => $"[{string.Join(", ", shape)}]";
}
