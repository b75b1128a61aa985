namespace BlindGrain.Engine.Circuits;

/// <summary>
/// Exact interval arithmetic over a circuit: the worst case of every value, so that nothing can wrap silently. Where a linear step declares a
/// narrower range, that is taken.
/// </summary>
public static class CircuitRanges
{
    /// <summary>The most table entries that are looked at for one look-up step: a file may not make its reader work for hours.</summary>
    private const long MaxEntriesRead = 1L << 31;

    /// <summary>The range of every element of every value, in order of the values.</summary>
    /// <exception cref="ArgumentException">A table does not cover the range that reaches it, or a declared range is none of the possible values.</exception>
    /// <exception cref="OverflowException">An accumulator exceeds 64 bits.</exception>
    public static IReadOnlyList<ValueRange[]> Compute(FheCircuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        var ranges = new List<ValueRange[]>(circuit.Steps.Count + 1);
        var input = new ValueRange[circuit.Input.Length];
        Array.Fill(input, circuit.Input.Range);
        ranges.Add(input);
        foreach (CircuitStep step in circuit.Steps)
        {
            ranges.Add(OfStep(step, ranges));
        }

        return ranges;
    }

    /// <summary>The range of every element that one step yields, from the ranges of the values before it.</summary>
    /// <exception cref="ArgumentException">A table does not cover the range that reaches it, or a declared range is none of the possible values.</exception>
    /// <exception cref="OverflowException">An accumulator, or the number of its possible values, exceeds 64 bits.</exception>
    public static ValueRange[] OfStep(CircuitStep step, IReadOnlyList<ValueRange[]> ranges)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(ranges);
        return step switch
        {
            LinearStep linear => OfLinear(linear, ranges),
            LookupStep lookup => OfLookup(lookup, ranges[lookup.Source]),
            _ => throw new ArgumentException($"Step '{step.Name}' is of an unknown kind."),
        };
    }

    private static ValueRange[] OfLinear(LinearStep step, IReadOnlyList<ValueRange[]> ranges)
    {
        var result = new ValueRange[step.OutputLength];
        for (int r = 0; r < result.Length; r++)
        {
            long min = step.Bias[r], max = step.Bias[r];
            foreach (LinearTerm term in step.Terms)
            {
                SparseMatrix m = term.Matrix;
                ValueRange[] source = ranges[term.Source];
                for (int e = m.RowStart[r]; e < m.RowStart[r + 1]; e++)
                {
                    long w = m.Weight[e];
                    ValueRange x = source[m.Column[e]];
                    min = checked(min + (w > 0 ? w * x.Min : w * x.Max));
                    max = checked(max + (w > 0 ? w * x.Max : w * x.Min));
                }
            }

            // Both ends may fit 64 bits while the number of values between them does not.
            _ = checked(max - min + 1);
            result[r] = step.Bound is null ? new ValueRange(min, max) : Within(step, r, new ValueRange(min, max), step.Bound[r]);
        }

        return result;
    }

    private static ValueRange Within(LinearStep step, int row, ValueRange worst, ValueRange bound)
    {
        var both = new ValueRange(Math.Max(worst.Min, bound.Min), Math.Min(worst.Max, bound.Max));
        return both.Min <= both.Max
            ? both
            : throw new ArgumentException($"Row {row} of linear step '{step.Name}' is bound to {bound}, but its values lie in {worst}.");
    }

    private static ValueRange[] OfLookup(LookupStep step, ValueRange[] source)
    {
        var result = new ValueRange[step.OutputLength];
        var known = new Dictionary<(int Table, ValueRange Input), ValueRange>();
        long entries = 0;
        for (int i = 0; i < result.Length; i++)
        {
            if (known.TryGetValue((step.TableOfElement[i], source[i]), out ValueRange output))
            {
                result[i] = output;
                continue;
            }

            LookupTable table = step.Tables[step.TableOfElement[i]];
            ValueRange x = source[i];
            if (!table.Domain.Contains(x.Min) || !table.Domain.Contains(x.Max))
            {
                throw new ArgumentException($"Element {i} of look-up '{step.Name}' can be anything in {x}, but its table covers {table.Domain} only.");
            }

            if ((entries += x.Width) > MaxEntriesRead)
            {
                throw new ArgumentException($"Look-up '{step.Name}' has more than {MaxEntriesRead} table entries in reach of its elements, too many to check.");
            }

            ReadOnlySpan<int> reached = table.Outputs.AsSpan((int)(x.Min - table.InputMin), (int)x.Width);
            int min = int.MaxValue, max = int.MinValue;
            foreach (int y in reached)
            {
                min = Math.Min(min, y);
                max = Math.Max(max, y);
            }

            result[i] = new ValueRange(min, max);
            known.Add((step.TableOfElement[i], x), result[i]);
        }

        return result;
    }
}
