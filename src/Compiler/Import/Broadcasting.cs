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
            throw new UnsupportedModelException($"Node {node} joins a tensor of shape [{string.Join(", ", target)}] with a constant of shape [{string.Join(", ", tensor.Shape)}], which does not broadcast to it.");
        }

        int[] strides = Strides(shape);
        var values = new float[target.Aggregate(1, (a, b) => a * b)];
        var index = new int[target.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int from = 0;
            for (int a = 0; a < target.Length; a++)
            {
                from += shape[a] == 1 ? 0 : index[a] * strides[a];
            }

            values[i] = tensor.Data[from];
            for (int a = target.Length - 1; a >= 0 && ++index[a] == target[a]; a--)
            {
                index[a] = 0;
            }
        }

        return values;
    }
}
