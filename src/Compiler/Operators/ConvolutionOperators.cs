using BlindGrain.Compiler.Functions;
using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Operators;

/// <summary>Convolutions with constant kernels, over any number of spatial axes.</summary>
internal static class ConvolutionOperators
{
    public static GraphValue[] Conv(GraphNode node, ImportContext context) =>
        [WithBias(node, context, Convolve(node, context, context.Encrypted(node, 0), QuantizedWeights.Of(node, context, 1)), context.OptionalConstant(node, 2, "a bias"))];

    /// <summary>y[n, m, o] = Σ x[n, c, o·stride + k·dilation − pad] · w[m, c, k].</summary>
    public static EncryptedValue Convolve(GraphNode node, ImportContext context, EncryptedValue x, QuantizedConstantValue weights)
    {
        int groups = (int)Math.Clamp(node.Int("group", 1), 0, int.MaxValue);
        int[] w = weights.Shape;
        if (x.Shape.Length < 3 || w.Length != x.Shape.Length || groups < 1 || w[0] % groups != 0 || w[1] * (long)groups != x.Shape[1])
        {
            throw new InvalidModelException($"Node {node.Label} convolves a tensor of shape [{string.Join(", ", x.Shape)}] with kernels of shape [{string.Join(", ", w)}] in {groups} groups.");
        }

        var geometry = new WindowGeometry(node, x.Shape[2..], w[2..]);
        int batches = x.Shape[0], inputs = Sizes.Product(x.Shape.AsSpan(2)), kernel = Sizes.Product(w.AsSpan(2)), perGroup = w[0] / groups;
        int[] shape = Sizes.Check(node.Label, [batches, w[0], .. geometry.Output]);
        int outputs = Sizes.Product(geometry.Output);
        context.Budget.Spend(node.Label, (double)batches * outputs * kernel * w[0] * w[1]);
        List<(int Input, int Kernel)>[] windows = [.. Enumerable.Range(0, outputs).Select(geometry.Window)];
        float[] scales = [.. Enumerable.Range(0, w[0]).Select(m => QuantizedWeights.ScaleOf(node, weights, Enumerable.Range(m * w[1] * kernel, w[1] * kernel)))];
        long entries = Entries(weights, kernel, windows) * batches;
        context.Circuit.CheckRoom(node.Label, Sizes.Product(shape), entries);
        var rows = new WeightRows(node, entries);
        for (int row = 0; row < batches * w[0] * outputs; row++)
        {
            int output = row % outputs, m = row / outputs % w[0], batch = row / outputs / w[0];
            for (int c = 0; c < w[1]; c++)
            {
                int channel = ((batch * x.Shape[1]) + (m / perGroup * w[1]) + c) * inputs, weight = ((m * w[1]) + c) * kernel;
                foreach ((int input, int k) in windows[output])
                {
                    rows.Add(channel + input, (int)weights.Integers.Data[weight + k]);
                }
            }

            rows.End(scales[m]);
        }

        return context.Linear.Apply(node, x, shape, rows, multiplies: true);
    }

    /// <summary>How often a weight other than zero is applied, over all windows.</summary>
    private static long Entries(QuantizedConstantValue weights, int kernel, List<(int Input, int Kernel)>[] windows)
    {
        var at = new long[kernel];
        for (int i = 0; i < weights.Length; i++)
        {
            at[i % kernel] += weights.Integers.Data[i] != 0 ? 1 : 0;
        }

        return windows.Sum(window => window.Sum(place => at[place.Kernel]));
    }

    /// <summary>The transposed convolution: y[n, m, i·stride + k·dilation − pad] += x[n, c, i] · w[c, m, k].</summary>
    public static GraphValue[] ConvTranspose(GraphNode node, ImportContext context)
    {
        EncryptedValue x = context.Encrypted(node, 0);
        QuantizedConstantValue weights = QuantizedWeights.Of(node, context, 1);
        int groups = (int)Math.Clamp(node.Int("group", 1), 0, int.MaxValue);
        int[] w = weights.Shape;
        if (x.Shape.Length < 3 || w.Length != x.Shape.Length || groups < 1 || w[0] % groups != 0 || w[0] != x.Shape[1])
        {
            throw new InvalidModelException($"Node {node.Label} convolves a tensor of shape [{string.Join(", ", x.Shape)}] with kernels of shape [{string.Join(", ", w)}] in {groups} groups.");
        }

        var geometry = new TransposedGeometry(node, x.Shape[2..], w[2..]);
        int inputs = Sizes.Product(x.Shape.AsSpan(2)), kernel = Sizes.Product(w.AsSpan(2)), perGroup = w[0] / groups, channels = w[1] * groups;
        int[] shape = Sizes.Check(node.Label, [x.Shape[0], channels, .. geometry.Output]);
        int outputs = Sizes.Product(geometry.Output);
        context.Budget.Spend(node.Label, (double)x.Shape[0] * outputs * kernel * channels * perGroup);
        var rows = new WeightRows(node);
        for (int row = 0; row < x.Shape[0] * channels * outputs; row++)
        {
            int output = row % outputs, m = row / outputs % channels, batch = row / outputs / channels, group = m / w[1];
            List<(int Input, int Kernel)> window = geometry.Window(output);
            var summed = new List<int>();
            for (int c = group * perGroup; c < (group + 1) * perGroup; c++)
            {
                foreach ((int input, int k) in window)
                {
                    int weight = (((c * w[1]) + (m % w[1])) * kernel) + k;
                    summed.Add(weight);
                    rows.Add((((batch * x.Shape[1]) + c) * inputs) + input, (int)weights.Integers.Data[weight]);
                }
            }

            rows.End(QuantizedWeights.ScaleOf(node, weights, summed));
        }

        return [WithBias(node, context, context.Linear.Apply(node, x, shape, rows, multiplies: true), context.OptionalConstant(node, 2, "a bias"))];
    }

    /// <summary>Adds one number a channel (axis 1).</summary>
    public static GraphValue WithBias(GraphNode node, ImportContext context, EncryptedValue y, Tensor? bias)
    {
        if (bias is null)
        {
            return y;
        }

        Tensor column = bias.Length == y.Shape[1]
            ? bias.Reshape([bias.Length, .. Enumerable.Repeat(1, y.Shape.Length - 2)])
            : throw new InvalidModelException($"Node {node.Label} adds a bias of {bias.Length} numbers to {y.Shape[1]} channels.");
        return ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Add"), y, new ConstantValue(column));
    }
}
