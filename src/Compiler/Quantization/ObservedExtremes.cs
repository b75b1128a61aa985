using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Quantization;

/// <summary>The least and the largest integer that each group of elements was seen to hold.</summary>
internal sealed class ObservedExtremes(FheCircuit circuit, RangeReader[] readers)
{
    private readonly long[][] _min = [.. readers.Select(r => Enumerable.Repeat(long.MaxValue, r.Groups).ToArray())];
    private readonly long[][] _max = [.. readers.Select(r => Enumerable.Repeat(long.MinValue, r.Groups).ToArray())];

    /// <summary>Takes in all values of one run, by value number.</summary>
    public void Add(long[][] values)
    {
        for (int r = 0; r < readers.Length; r++)
        {
            long[] x = values[readers[r].Value];
            for (int i = 0; i < x.Length; i++)
            {
                int group = readers[r].GroupOfElement[i];
                _min[r][group] = Math.Min(_min[r][group], x[i]);
                _max[r][group] = Math.Max(_max[r][group], x[i]);
            }
        }
    }

    /// <summary>How many values of one run lie outside what was seen, widened by a margin.</summary>
    public long CountOutside(long[][] values, double margin)
    {
        long count = 0;
        for (int r = 0; r < readers.Length; r++)
        {
            long[] x = values[readers[r].Value];
            for (int i = 0; i < x.Length; i++)
            {
                count += Range(r, readers[r].GroupOfElement[i], margin).Contains(x[i]) ? 0 : 1;
            }
        }

        return count;
    }

    /// <summary>The bound of a value's elements, within the worst case, that holds what all its readers saw; null where none reads it.</summary>
    public ValueRange[]? Bound(int value, double margin)
    {
        ValueRange[] worst = [.. circuit.Ranges[value]];
        ValueRange[]? bound = null;
        for (int r = 0; r < readers.Length; r++)
        {
            if (readers[r].Value != value)
            {
                continue;
            }

            bool first = bound is null;
            bound ??= new ValueRange[worst.Length];
            for (int i = 0; i < bound.Length; i++)
            {
                ValueRange seen = Range(r, readers[r].GroupOfElement[i], margin);
                var within = new ValueRange(Math.Clamp(seen.Min, worst[i].Min, worst[i].Max), Math.Clamp(seen.Max, worst[i].Min, worst[i].Max));
                bound[i] = first ? within : new ValueRange(Math.Min(bound[i].Min, within.Min), Math.Max(bound[i].Max, within.Max));
            }
        }

        return bound;
    }

    private ValueRange Range(int reader, int group, double margin)
    {
        long extra = (long)Math.Ceiling((_max[reader][group] - _min[reader][group] + 1) * margin);
        return new ValueRange(_min[reader][group] - extra, _max[reader][group] + extra);
    }
}
