using BlindGrain.Compiler.Functions;
using BlindGrain.Compiler.Import;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Operators;

/// <summary>
/// Maxima of encrypted numbers, two at a time: max(a, b) = b + relu(a − b), one bootstrap a pair, on the integers of one grid. Equal pairs are compared once.
/// </summary>
internal static class MaximumBuilder
{
    /// <summary>The maximum (or minimum) of each group of elements.</summary>
    /// <param name="node">The node, for messages and names.</param>
    /// <param name="context">The import.</param>
    /// <param name="value">The tensor.</param>
    /// <param name="shape">The result's shape, an element a group.</param>
    /// <param name="groups">The groups, as indices into the tensor.</param>
    /// <param name="minimum">Minima instead.</param>
    public static EncryptedValue Reduce(GraphNode node, ImportContext context, EncryptedValue value, int[] shape, List<int[]> groups, bool minimum)
    {
        _ = Sizes.Check(node.Label, shape);
        if (groups.Exists(g => g.Length == 0))
        {
            throw new UnsupportedModelException($"Node {node.Label} has a window that lies in the padding alone.");
        }

        EncryptedValue x = OneGrid(node, context, value);
        List<ElementReference>[] left = [.. groups.Select(g => g.Select(e => x.Elements[e]).ToList())];
        while (left.Any(l => l.Count > 1))
        {
            var pairs = new Dictionary<(ElementReference, ElementReference), int>();
            foreach (List<ElementReference> group in left)
            {
                for (int i = 0; i + 1 < group.Count; i += 2)
                {
                    _ = pairs.TryAdd((group[i], group[i + 1]), pairs.Count);
                }
            }

            int result = Compare(node, context, [.. pairs.OrderBy(p => p.Value).Select(p => p.Key)], minimum);
            foreach (List<ElementReference> group in left)
            {
                var next = new List<ElementReference>();
                for (int i = 0; i < group.Count; i += 2)
                {
                    next.Add(i + 1 < group.Count ? new ElementReference(result, pairs[(group[i], group[i + 1])]) : group[i]);
                }

                group.Clear();
                group.AddRange(next);
            }
        }

        return new EncryptedValue(shape, [.. left.Select(l => l[0])], [.. Enumerable.Repeat(x.Functions[0], left.Length)]);
    }

    /// <summary>The larger (or smaller) integer of each pair.</summary>
    private static int Compare(GraphNode node, ImportContext context, (ElementReference A, ElementReference B)[] pairs, bool minimum)
    {
        var difference = new MatrixBuilder();
        foreach ((ElementReference a, ElementReference b) in pairs)
        {
            difference.Add(a, 1);
            difference.Add(b, -1);
            difference.EndRow();
        }

        int source = pairs[0].A.Value;
        int d = context.AddStep($"{node.StepName}/difference", name => new LinearStep(name, difference.Build(context.Circuit.LengthOf, source), new long[pairs.Length]));
        ValueRange[] ranges = context.Circuit.Ranges[d];
        var widest = new ValueRange(ranges.Min(r => r.Min), ranges.Max(r => r.Max));
        if (widest.Width > 1 << 20)
        {
            throw new UnsupportedModelException($"Node {node.Label} compares numbers that differ by {widest}, too wide for a table; quantize them first.");
        }

        int[] outputs = [.. Enumerable.Range(0, (int)widest.Width).Select(t => (int)(minimum ? Math.Min(widest.Min + t, 0) : Math.Max(widest.Min + t, 0)))];
        int part = context.AddStep($"{node.StepName}/compare", name => new LookupStep(name, d, [new LookupTable(widest.Min, outputs)], new int[pairs.Length]));
        var sum = new MatrixBuilder();
        var bound = new ValueRange[pairs.Length];
        for (int p = 0; p < pairs.Length; p++)
        {
            sum.Add(pairs[p].B, 1);
            sum.Add(new ElementReference(part, p), 1);
            sum.EndRow();
            ValueRange a = context.Circuit.Ranges[pairs[p].A.Value][pairs[p].A.Index], b = context.Circuit.Ranges[pairs[p].B.Value][pairs[p].B.Index];
            bound[p] = minimum
                ? new ValueRange(Math.Min(a.Min, b.Min), Math.Min(a.Max, b.Max))
                : new ValueRange(Math.Max(a.Min, b.Min), Math.Max(a.Max, b.Max));
        }

        int result = context.AddStep($"{node.StepName}/{(minimum ? "minimum" : "maximum")}", name => new LinearStep(name, sum.Build(context.Circuit.LengthOf, part), new long[pairs.Length], bound));
        context.Circuit.MarkMaximum(result);
        return result;
    }

    /// <summary>The tensor with one rising function for all elements, so that comparing integers compares numbers.</summary>
    private static EncryptedValue OneGrid(GraphNode node, ImportContext context, EncryptedValue value)
    {
        EncryptedValue x = context.LookUps.Affine(node, value);
        bool ready = Array.TrueForAll(x.Elements, e => e.Value >= 0) && Array.TrueForAll(x.Functions, f => f.Id == x.Functions[0].Id) && x.Functions[0].Affine!.Value.Factor > 0;
        if (ready)
        {
            return x;
        }

        // Padding and numbers of other signs or zero-points become integers of one unit, free of bootstraps.
        double[] factors = [.. x.Functions.Where((_, i) => x.Elements[i].Value >= 0).Select(f => Math.Abs(f.Affine!.Value.Factor)).Where(f => f != 0).Distinct().Order()];
        if (factors.Length == 0 || ScaleFinder.Find(factors, [.. factors.Select(_ => (double)(1 << 16))]) is not { Rounded: false } found)
        {
            throw new UnsupportedModelException($"Node {node.Label} compares numbers of scales that have no common integer step; quantize them with one scale.");
        }

        var matrix = new MatrixBuilder();
        var bias = new long[x.Elements.Length];
        double origin = x.Functions[0].Affine!.Value.Summand;
        for (int i = 0; i < bias.Length; i++)
        {
            Affine a = x.Functions[i].Affine!.Value;
            double zero = (a.Summand - origin) / found.Base;
            if (Math.Abs(zero) > 1 << 24 || Math.Abs(zero - Math.Round(zero)) > 1e-4)
            {
                throw new UnsupportedModelException($"Node {node.Label} compares numbers on different grids; quantize them with one scale and zero-point.");
            }

            bias[i] = (long)Math.Round(zero);
            if (a.Factor != 0 && x.Elements[i].Value >= 0)
            {
                matrix.Add(x.Elements[i], Math.Sign(a.Factor) * found.Multiples[Array.IndexOf(factors, Math.Abs(a.Factor))]);
            }

            matrix.EndRow();
        }

        int source = Array.Find(x.Elements, e => e.Value >= 0).Value;
        int result = context.AddStep($"{node.StepName}/align", name => new LinearStep(name, matrix.Build(context.Circuit.LengthOf, source), bias));
        return EncryptedValue.Of(x.Shape, result, context.Linear.Real(node, found.Base, origin));
    }
}
