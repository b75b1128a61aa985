using BlindGrain.Compiler.Functions;
using BlindGrain.Compiler.Import;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Operators;

/// <summary>Operators on two encrypted tensors whose elements depend on different numbers: sums, products and maxima.</summary>
internal static class PairOperators
{
    public static GraphValue Apply(GraphNode node, ImportContext context, ElementOperator op, GraphValue[] inputs, int[] shape)
    {
        if (inputs is not [EncryptedValue a, EncryptedValue b] || op.Domain.Length > 0 || op.OpType is not ("Add" or "Sub" or "Mul" or "Max" or "Min"))
        {
            throw new UnsupportedModelException($"Node {node.Label} joins tensors that depend on different encrypted numbers; Add, Sub, Mul, Max and Min of two can do that.");
        }

        // One tensor with all elements of both, and where the result's elements find theirs.
        int[] fromA = Broadcasting.Indices(a.Shape, shape), fromB = [.. Broadcasting.Indices(b.Shape, shape).Select(i => i + a.Length)];
        var both = new EncryptedValue([a.Length + b.Length], [.. a.Elements, .. b.Elements], [.. a.Functions, .. b.Functions]);
        switch (op.OpType)
        {
            case "Add" or "Sub":
                var rows = new WeightRows(node);
                for (int i = 0; i < fromA.Length; i++)
                {
                    rows.Add(fromA[i], 1);
                    rows.Add(fromB[i], op.OpType == "Add" ? 1 : -1);
                    rows.End(1);
                }

                return context.Linear.Apply(node, both, shape, rows);
            case "Mul":
                return Product(node, context, both, fromA, fromB, shape);
            default:
                return MaximumBuilder.Reduce(node, context, both, shape, [.. fromA.Select((f, i) => new[] { f, fromB[i] })], op.OpType == "Min");
        }
    }

    /// <summary>
    /// The product of integers x and y: floor((x + y)² / 4) − floor((x − y)² / 4), exactly, for x + y and x − y have one parity. Two bootstraps an element.
    /// Zero-points are taken off first, so that the product of the integers is the product of the numbers.
    /// </summary>
    private static EncryptedValue Product(GraphNode node, ImportContext context, EncryptedValue both, int[] fromA, int[] fromB, int[] shape)
    {
        EncryptedValue x = context.LookUps.Affine(node, both);
        int count = fromA.Length;
        var sums = new MatrixBuilder();
        var bias = new long[2 * count];
        var scale = new double[count];
        for (int i = 0; i < 2 * count; i++)
        {
            int a = fromA[i % count], b = fromB[i % count], sign = i < count ? 1 : -1;
            (long weightA, long zeroA, double unitA) = Integer(node, x, a);
            (long weightB, long zeroB, double unitB) = Integer(node, x, b);
            AddIf(sums, x, a, weightA);
            AddIf(sums, x, b, sign * weightB);
            sums.EndRow();
            bias[i] = zeroA + (sign * zeroB);
            scale[i % count] = unitA * unitB;
        }

        int source = Array.Find(x.Elements, e => e.Value >= 0).Value;
        int s = context.AddStep($"{node.StepName}/sums", name => new LinearStep(name, sums.Build(context.Circuit.LengthOf, source), bias));
        ValueRange[] ranges = context.Circuit.Ranges[s];
        var widest = new ValueRange(ranges.Min(r => r.Min), ranges.Max(r => r.Max));
        if (widest.Width > 1 << 16)
        {
            throw new UnsupportedModelException($"Node {node.Label} multiplies numbers whose sum or difference takes {widest.Width} values; quantize them to fewer bits first.");
        }

        int[] squares = [.. Enumerable.Range(0, (int)widest.Width).Select(t => (int)((widest.Min + t) * (widest.Min + t) / 4))];
        int q = context.AddStep($"{node.StepName}/squares", name => new LookupStep(name, s, [new LookupTable(widest.Min, squares)], new int[2 * count]));
        var product = new MatrixBuilder();
        var bound = new ValueRange[count];
        for (int i = 0; i < count; i++)
        {
            product.Add(new ElementReference(q, i), 1);
            product.Add(new ElementReference(q, i + count), -1);
            product.EndRow();
            bound[i] = Corners(RangeOf(node, context, x, fromA[i]), RangeOf(node, context, x, fromB[i]));
        }

        int result = context.AddStep(node.StepName, name => new LinearStep(name, product.Build(context.Circuit.LengthOf, q), new long[count], bound));
        return EncryptedValue.Of(shape, result, context.Functions.Integer) with { Functions = [.. scale.Select(f => context.Linear.Real(node, f, 0))] };
    }

    private static void AddIf(MatrixBuilder matrix, EncryptedValue x, int element, long weight)
    {
        if (weight != 0)
        {
            matrix.Add(x.Elements[element], weight);
        }
    }

    /// <summary>An element as (weight · integer + zero) · unit.</summary>
    private static (long Weight, long Zero, double Unit) Integer(GraphNode node, EncryptedValue x, int element)
    {
        Affine a = x.Functions[element].Affine!.Value;
        bool constant = x.Elements[element].Value < 0 || a.Factor == 0;
        double unit = constant ? (a.Summand == 0 ? 1 : Math.Abs(a.Summand)) : Math.Abs(a.Factor), zero = a.Summand / unit;
        return Math.Abs(zero) < 1 << 24 && Math.Abs(zero - Math.Round(zero)) < 1e-4
            ? (constant ? 0 : Math.Sign(a.Factor), (long)Math.Round(zero), unit)
            : throw new UnsupportedModelException($"Node {node.Label} multiplies a number whose zero lies between two of its integers; quantize it with a whole zero-point.");
    }

    private static ValueRange RangeOf(GraphNode node, ImportContext context, EncryptedValue x, int element)
    {
        (long weight, long zero, _) = Integer(node, x, element);
        if (weight == 0)
        {
            return new ValueRange(zero, zero);
        }

        ValueRange r = context.Circuit.Ranges[x.Elements[element].Value][x.Elements[element].Index];
        return weight > 0 ? new ValueRange(r.Min + zero, r.Max + zero) : new ValueRange(zero - r.Max, zero - r.Min);
    }

    private static ValueRange Corners(ValueRange a, ValueRange b)
    {
        long[] corners = [a.Min * b.Min, a.Min * b.Max, a.Max * b.Min, a.Max * b.Max];
        return new ValueRange(corners.Min(), corners.Max());
    }
}
