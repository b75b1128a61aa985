using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Operators;

/// <summary>Pooling and reductions by sums (linear, free of bootstraps) and by maxima.</summary>
internal static class PoolingOperators
{
    public static GraphValue[] AveragePool(GraphNode node, ImportContext context) => [Average(node, context, context.Encrypted(node, 0))];

    /// <summary>The mean over a sliding window.</summary>
    public static EncryptedValue Average(GraphNode node, ImportContext context, EncryptedValue x)
    {
        WindowGeometry geometry = Geometry(node, x);
        bool withPadding = node.Int("count_include_pad", 0) != 0;
        int outputs = Sizes.Product(geometry.Output), inputs = Sizes.Product(x.Shape.AsSpan(2)), channels = x.Shape[0] * x.Shape[1];
        int[] shape = Sizes.Check(node.Label, [x.Shape[0], x.Shape[1], .. geometry.Output]);
        context.Budget.Spend(node.Label, (double)channels * outputs * Sizes.Product(geometry.Kernel));
        var rows = new WeightRows(node);
        for (int channel = 0; channel < channels; channel++)
        {
            for (int output = 0; output < outputs; output++)
            {
                List<(int Input, int Kernel)> window = geometry.Window(output, out int padded);
                foreach ((int input, _) in window)
                {
                    rows.Add((channel * inputs) + input, 1);
                }

                rows.End(1.0 / Math.Max(1, withPadding ? padded : window.Count));
            }
        }

        return context.Linear.Apply(node, x, shape, rows);
    }

    public static GraphValue[] GlobalAveragePool(GraphNode node, ImportContext context)
    {
        EncryptedValue x = context.Encrypted(node, 0);
        return [Reduce(node, context, x, Spatial(node, x), keepAxes: true, mean: true)];
    }

    public static GraphValue[] ReduceSum(GraphNode node, ImportContext context) => Reduce(node, context, mean: false);

    public static GraphValue[] ReduceMean(GraphNode node, ImportContext context) => Reduce(node, context, mean: true);

    public static GraphValue[] MaxPool(GraphNode node, ImportContext context)
    {
        if (node.Outputs.Count > 1 && node.Outputs[1].Length > 0)
        {
            throw new UnsupportedModelException($"Node {node.Label} yields the indices of the maxima too; only the maxima are supported.");
        }

        EncryptedValue x = context.Encrypted(node, 0);
        WindowGeometry geometry = Geometry(node, x);
        context.Budget.Spend(node.Label, Enumerable.Range(0, geometry.Output.Length).Sum(a => (double)geometry.Output[a] * geometry.Kernel[a]));
        int[][][] windows = [.. geometry.Output.Select((count, axis) => Enumerable.Range(0, count).Select(o => geometry.Along(axis, o)).ToArray())];
        if (windows.Any(axis => axis.Any(w => w.Length == 0)))
        {
            throw new UnsupportedModelException($"Node {node.Label} has a window that lies in the padding alone.");
        }

        x = Crop(x, windows);

        // An axis after the other: fewer comparisons than whole windows where these overlap, and never more.
        for (int axis = 0; axis < geometry.Output.Length; axis++)
        {
            if (geometry.Kernel[axis] == 1 && geometry.Output[axis] == x.Shape[axis + 2])
            {
                continue;
            }

            context.Budget.Spend(node.Label, (double)x.Length / x.Shape[axis + 2] * geometry.Output[axis] * geometry.Kernel[axis]);
            int size = x.Shape[axis + 2], inner = Sizes.Product(x.Shape.AsSpan(axis + 3)), outer = x.Length / (size * inner);
            var groups = new List<int[]>();
            for (int o = 0; o < outer; o++)
            {
                for (int output = 0; output < geometry.Output[axis]; output++)
                {
                    int[] places = windows[axis][output];
                    for (int i = 0; i < inner; i++)
                    {
                        groups.Add([.. places.Select(p => (((o * size) + p) * inner) + i)]);
                    }
                }
            }

            int[] shape = [.. x.Shape];
            shape[axis + 2] = geometry.Output[axis];
            x = MaximumBuilder.Reduce(node, context, x, shape, groups, minimum: false);
        }

        return [x];
    }

    /// <summary>Leaves out what no window reads, and makes the windows' places those in what is left.</summary>
    private static EncryptedValue Crop(EncryptedValue x, int[][][] windows)
    {
        int[][] read = [.. windows.Select(axis => axis.SelectMany(w => w).Distinct().Order().ToArray())];
        for (int axis = 0; axis < windows.Length; axis++)
        {
            var place = read[axis].Index().ToDictionary(p => p.Item, p => p.Index);
            windows[axis] = [.. windows[axis].Select(w => w.Select(p => place[p]).ToArray())];
        }

        int[] shape = [.. x.Shape[..2], .. read.Select(r => r.Length)];
        int[] from = new int[Sizes.Product(shape)];
        for (int i = 0; i < from.Length; i++)
        {
            int[] at = WindowGeometry.Unflatten(i, shape);
            for (int a = 0; a < shape.Length; a++)
            {
                from[i] = (from[i] * x.Shape[a]) + (a < 2 ? at[a] : read[a - 2][at[a]]);
            }
        }

        return x.Gather(shape, from);
    }

    public static GraphValue[] GlobalMaxPool(GraphNode node, ImportContext context)
    {
        EncryptedValue x = context.Encrypted(node, 0);
        return [Extreme(node, context, x, Spatial(node, x), keepAxes: true, minimum: false)];
    }

    public static GraphValue[] ReduceMax(GraphNode node, ImportContext context) => ReduceExtreme(node, context, minimum: false);

    public static GraphValue[] ReduceMin(GraphNode node, ImportContext context) => ReduceExtreme(node, context, minimum: true);

    /// <summary>The sum or mean over axes.</summary>
    public static EncryptedValue Reduce(GraphNode node, ImportContext context, EncryptedValue x, int[] axes, bool keepAxes, bool mean)
    {
        (List<int[]> groups, int[] shape) = Groups(x.Shape, axes, keepAxes);
        var rows = new WeightRows(node);
        foreach (int[] group in groups)
        {
            foreach (int element in group)
            {
                rows.Add(element, 1);
            }

            rows.End(mean ? 1.0 / group.Length : 1);
        }

        return context.Linear.Apply(node, x, shape, rows);
    }

    public static int[] Spatial(GraphNode node, EncryptedValue x) => x.Shape.Length > 2
        ? [.. Enumerable.Range(2, x.Shape.Length - 2)]
        : throw new InvalidModelException($"Node {node.Label} pools a tensor of shape [{string.Join(", ", x.Shape)}], which has no spatial axes.");

    private static GraphValue[] Reduce(GraphNode node, ImportContext context, bool mean)
    {
        EncryptedValue x = context.Encrypted(node, 0);
        return Axes(node, context, x) is { } axes ? [Reduce(node, context, x, axes, node.Int("keepdims", 1) != 0, mean)] : [x];
    }

    private static GraphValue[] ReduceExtreme(GraphNode node, ImportContext context, bool minimum)
    {
        EncryptedValue x = context.Encrypted(node, 0);
        return Axes(node, context, x) is { } axes ? [Extreme(node, context, x, axes, node.Int("keepdims", 1) != 0, minimum)] : [x];
    }

    private static EncryptedValue Extreme(GraphNode node, ImportContext context, EncryptedValue x, int[] axes, bool keepAxes, bool minimum)
    {
        (List<int[]> groups, int[] shape) = Groups(x.Shape, axes, keepAxes);
        return MaximumBuilder.Reduce(node, context, x, shape, groups, minimum);
    }

    /// <summary>The axes of a reduction: an attribute once, an input since; all where none are given; null for none at all.</summary>
    private static int[]? Axes(GraphNode node, ImportContext context, EncryptedValue x)
    {
        int rank = x.Shape.Length;
        int[]? axes = node.Ints("axes") ?? (context.OptionalConstant(node, 1, "axes") is { } given ? [.. given.Data.Select(d => (int)d)] : null);
        if (axes is null or [])
        {
            return node.Int("noop_with_empty_axes", 0) != 0 ? null : [.. Enumerable.Range(0, rank)];
        }

        int[] positive = [.. axes.Select(a => a < 0 ? a + rank : a).Distinct()];
        return Array.TrueForAll(positive, a => a >= 0 && a < rank)
            ? positive
            : throw new InvalidModelException($"Node {node.Label} reduces axes [{string.Join(", ", axes)}] of a tensor with {rank}.");
    }

    /// <summary>For each element of a reduction's result, the elements that it reads.</summary>
    private static (List<int[]> Groups, int[] Shape) Groups(int[] shape, int[] axes, bool keepAxes)
    {
        int[] kept = [.. shape.Select((d, a) => axes.Contains(a) ? 1 : d)];
        int[] target = Broadcasting.Indices(kept, shape);
        List<int>[] groups = [.. Enumerable.Range(0, Sizes.Product(kept)).Select(_ => new List<int>())];
        for (int i = 0; i < target.Length; i++)
        {
            groups[target[i]].Add(i);
        }

        return ([.. groups.Select(g => g.ToArray())], keepAxes ? kept : [.. shape.Where((_, a) => !axes.Contains(a))]);
    }

    private static WindowGeometry Geometry(GraphNode node, EncryptedValue x) => x.Shape.Length > 2 && node.Ints("kernel_shape") is { } kernel
        ? new WindowGeometry(node, x.Shape[2..], kernel)
        : throw new InvalidModelException($"Node {node.Label} pools a tensor of shape [{string.Join(", ", x.Shape)}] without a window, or without spatial axes.");
}
