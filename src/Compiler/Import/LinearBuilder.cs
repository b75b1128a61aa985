using BlindGrain.Compiler.Functions;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Import;

/// <summary>Adds linear steps: real linear maps of quantized tensors as integer matrices, with the scales kept in the result's functions.</summary>
internal sealed class LinearBuilder(ImportContext context)
{
    /// <summary>y = rows · x + bias.</summary>
    /// <param name="node">The node, for messages and as the step's name.</param>
    /// <param name="value">The tensor, on grids of integers; look-ups are added where it needs them.</param>
    /// <param name="shape">The result's shape; one element a row.</param>
    /// <param name="rows">Integer weights over the tensor's elements, and each row's scale.</param>
    /// <param name="multiplies">Whether these are products with weights of the model, which maxima are parted from.</param>
    public EncryptedValue Apply(GraphNode node, EncryptedValue value, int[] shape, WeightRows rows, bool multiplies = false)
    {
        _ = Sizes.Check(node.Label, shape);
        EncryptedValue x = context.LookUps.Affine(node, value);
        x = multiplies ? context.LookUps.Parted(node, x) : x;
        context.Circuit.CheckRoom(node.Label, rows.Count, rows.Entries);
        Source[] sources = [.. x.Elements.Select((e, i) => new Source(e, x.Functions[i].Affine!.Value.Factor, x.Functions[i].Affine!.Value.Summand))];
        var matrix = new MatrixBuilder(rows.Entries);
        var bias = new long[rows.Count];
        var factor = new double[rows.Count];
        var summand = new double[rows.Count];
        for (int r = 0; r < rows.Count; r++)
        {
            Row(node, sources, rows, r, matrix, ref bias[r], out factor[r], out summand[r]);
        }

        ElementReference source = Array.Find(x.Elements, e => e.Value >= 0);
        if (!Array.Exists(x.Elements, e => e.Value >= 0))
        {
            return new EncryptedValue(shape, [.. Enumerable.Repeat(ElementReference.None, rows.Count)], [.. summand.Select(s => context.Functions.Constant((float)s))]);
        }

        int result = context.AddStep(node.StepName, name => new LinearStep(name, matrix.Build(context.Circuit.LengthOf, source.Value), bias) { Shape = Sizes.WithoutBatch(shape), Operators = [node.OpType] });
        var functions = new ElementFunction[rows.Count];
        for (int r = 0; r < functions.Length; r++)
        {
            functions[r] = Real(node, factor[r], summand[r]);
        }

        return EncryptedValue.Of(shape, result, context.Functions.Integer) with { Functions = functions };
    }

    /// <summary>The chosen elements of a value, in order, as a value of its own.</summary>
    public int Select(GraphNode node, int source, int[] elements)
    {
        var matrix = new MatrixBuilder();
        foreach (int element in elements)
        {
            matrix.Add(new ElementReference(source, element), 1);
            matrix.EndRow();
        }

        return context.AddStep($"{node.StepName}/select", name => new LinearStep(name, matrix.Build(context.Circuit.LengthOf, source), new long[elements.Length]));
    }

    /// <summary>x · factor + summand of an integer.</summary>
    public ElementFunction Real(GraphNode node, double factor, double summand)
    {
        ElementFunction function = context.Functions.Integer;
        if (factor != 1)
        {
            function = context.Functions.Make(node, "Mul", function, context.Functions.Constant((float)factor));
        }

        return summand == 0 ? function : context.Functions.Make(node, "Add", function, context.Functions.Constant((float)summand));
    }

    private void Row(GraphNode node, Source[] x, WeightRows rows, int row, MatrixBuilder matrix, ref long bias, out double factor, out double summand)
    {
        int start = rows.Start(row), end = rows.Start(row + 1);
        double unit = Unit(node, x, rows, start, end, out Dictionary<double, long>? multiples), scale = rows.Scale(row);
        summand = 0;
        for (int e = start; e < end; e++)
        {
            int element = rows.Element(e), weight = rows.Weight(e);
            ref readonly Source a = ref x[element];
            if (a.Factor != 0 && a.Element.Value >= 0)
            {
                long multiple = (multiples is null ? 1 : multiples[Math.Abs(a.Factor)]) * Math.Sign(a.Factor);
                matrix.Add(a.Element, checked(weight * multiple));
            }

            if (a.Summand == 0)
            {
                continue;
            }

            // A zero-point moves into the integer bias; what is no multiple of the unit stays real.
            double zero = a.Summand / unit;
            if (Math.Abs(zero) < 1L << 40 && Math.Abs(zero - Math.Round(zero)) <= 1e-6 * Math.Max(1, Math.Abs(zero)))
            {
                bias = checked(bias + (weight * (long)Math.Round(zero)));
            }
            else
            {
                summand += weight * a.Summand * scale;
            }
        }

        matrix.EndRow();
        factor = unit * scale;
    }

    /// <summary>The real number that one integer step of a row stands for; null multiples where all factors are alike.</summary>
    private double Unit(GraphNode node, Source[] x, WeightRows rows, int start, int end, out Dictionary<double, long>? multiples)
    {
        multiples = null;
        double only = 0;
        bool alike = true;
        for (int e = start; e < end; e++)
        {
            double factor = x[rows.Element(e)].Magnitude;
            if (factor != 0)
            {
                only = only == 0 ? factor : only;
                alike &= factor == only;
            }
        }

        if (alike)
        {
            return only == 0 ? 1 : only;
        }

        var largest = new SortedDictionary<double, double>();
        for (int e = start; e < end; e++)
        {
            int element = rows.Element(e);
            double factor = x[element].Magnitude;
            if (factor != 0)
            {
                ValueRange range = context.Circuit.Ranges[x[element].Element.Value][x[element].Element.Index];
                largest[factor] = Math.Max(largest.GetValueOrDefault(factor), Math.Max(Math.Abs(range.Min), Math.Abs(range.Max)) * Math.Abs((double)rows.Weight(e)));
            }
        }

        double[] factors = [.. largest.Keys];
        if (ScaleFinder.Find(factors, [.. largest.Values]) is not { } found)
        {
            throw new UnsupportedModelException(
                $"Node {node.Label} sums numbers whose scales ({string.Join(", ", factors.Take(4).Select(f => f.ToString("g6", System.Globalization.CultureInfo.InvariantCulture)))}{(factors.Length > 4 ? ", …" : "")}) have no common integer step; quantize them with one scale, a power of two apart at most.");
        }

        if (found.Rounded)
        {
            context.Warn($"Node {node.Label} sums numbers of different scales, whose ratio was rounded; an error of up to an eighth of the finest step is possible. Quantize them with one scale to avoid it.");
        }

        multiples = factors.Index().ToDictionary(f => f.Item, f => found.Multiples[f.Index]);
        return found.Base;
    }

    /// <summary>An element that is read, as factor · integer + summand.</summary>
    private readonly record struct Source(ElementReference Element, double Factor, double Summand)
    {
        /// <summary>The size of an integer step; none for a constant.</summary>
        public double Magnitude { get; } = Element.Value < 0 ? 0 : Math.Abs(Factor);
    }
}
