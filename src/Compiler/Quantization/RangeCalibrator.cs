using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Compiler.Quantization;

/// <summary>
/// Narrows what look-ups read from the worst case to what data reach, with a margin. Elements that share a table share a range. A value that leaves
/// its range wraps when it is encrypted, so the probability of that is estimated and said.
/// </summary>
public static class RangeCalibrator
{
    /// <summary>Calibrates a circuit.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="inputs">Quantized inputs, two at least.</param>
    /// <param name="margin">What is added at either end, as a fraction of the observed width, 0 to 10.</param>
    /// <exception cref="ArgumentException">There are fewer than two inputs, or they do not fit the circuit; the margin is out of range.</exception>
    public static CalibratedCircuit Calibrate(FheCircuit circuit, IReadOnlyList<int[]> inputs, double margin)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count < 2 || !(margin is >= 0 and <= 10))
        {
            throw new ArgumentException($"Calibrating ranges needs two inputs at least and a margin of 0 to 10, not {inputs.Count} and {margin}.", nameof(inputs));
        }

        LookupStep[] lookups = [.. circuit.Steps.OfType<LookupStep>().Where(s => s.Source > 0 && circuit.Steps[s.Source - 1] is LinearStep)];
        var all = new Observation(circuit, lookups);
        var firstHalf = new Observation(circuit, lookups);
        var executor = new ClearExecutor(circuit);
        long outside = 0, read = 0;
        for (int i = 0; i < inputs.Count; i++)
        {
            long[][] values = executor.RunAll(inputs[i]);
            all.Add(values);
            if (i < inputs.Count / 2)
            {
                firstHalf.Add(values);
            }
            else
            {
                outside += firstHalf.CountOutside(values, margin);
                read += lookups.Sum(s => (long)s.OutputLength);
            }
        }

        // None of n seen is compatible with up to 3/n, at 95 %.
        double overflow = read == 0 ? 0 : Math.Max(outside, 3) / (double)read;
        return new CalibratedCircuit(Rebuild(circuit, all, margin), overflow, outside, read);
    }

    private static FheCircuit Rebuild(FheCircuit circuit, Observation observed, double margin)
    {
        var steps = new List<CircuitStep>();
        var ranges = new List<ValueRange[]> { circuit.Ranges[0] };
        foreach (CircuitStep step in circuit.Steps)
        {
            CircuitStep rebuilt = step switch
            {
                LinearStep linear when observed.Bound(steps.Count + 1, margin) is { } bound => new LinearStep(linear.Name, linear.Terms, linear.Bias, bound),
                LookupStep lookup => Trimmed(lookup, ranges[lookup.Source]),
                _ => step,
            };
            steps.Add(rebuilt);
            ranges.Add(CircuitRanges.OfStep(rebuilt, ranges));
        }

        return new FheCircuit(circuit.Name, circuit.Input, steps, circuit.Output);
    }

    /// <summary>The look-up with tables no larger than what reaches them.</summary>
    private static LookupStep Trimmed(LookupStep step, ValueRange[] ranges)
    {
        var tables = new LookupTable[step.Tables.Count];
        for (int t = 0; t < tables.Length; t++)
        {
            LookupTable table = step.Tables[t];
            ValueRange[] reaching = [.. ranges.Where((_, i) => step.TableOfElement[i] == t)];
            if (reaching.Length == 0)
            {
                tables[t] = new LookupTable(table.InputMin, [table.Outputs[0]]);
                continue;
            }

            long min = reaching.Min(r => r.Min), max = reaching.Max(r => r.Max);
            tables[t] = new LookupTable(min, table.Outputs[(int)(min - table.InputMin)..(int)(max - table.InputMin + 1)]);
        }

        return new LookupStep(step.Name, step.Source, tables, step.TableOfElement);
    }

    /// <summary>What elements that share a table were seen to hold.</summary>
    private sealed class Observation(FheCircuit circuit, LookupStep[] lookups)
    {
        private readonly long[][] _min = [.. lookups.Select(s => Filled(s.Tables.Count, long.MaxValue))];
        private readonly long[][] _max = [.. lookups.Select(s => Filled(s.Tables.Count, long.MinValue))];

        public void Add(long[][] values)
        {
            for (int s = 0; s < lookups.Length; s++)
            {
                long[] x = values[lookups[s].Source];
                for (int i = 0; i < x.Length; i++)
                {
                    int table = lookups[s].TableOfElement[i];
                    _min[s][table] = Math.Min(_min[s][table], x[i]);
                    _max[s][table] = Math.Max(_max[s][table], x[i]);
                }
            }
        }

        public long CountOutside(long[][] values, double margin)
        {
            long count = 0;
            for (int s = 0; s < lookups.Length; s++)
            {
                long[] x = values[lookups[s].Source];
                for (int i = 0; i < x.Length; i++)
                {
                    count += Range(s, lookups[s].TableOfElement[i], margin).Contains(x[i]) ? 0 : 1;
                }
            }

            return count;
        }

        /// <summary>The bound of a value's elements, within the worst case; null where no look-up reads it.</summary>
        public ValueRange[]? Bound(int value, double margin)
        {
            ValueRange[]? bound = null;
            for (int s = 0; s < lookups.Length; s++)
            {
                if (lookups[s].Source != value)
                {
                    continue;
                }

                bound ??= new ValueRange[circuit.LengthOf(value)];
                for (int i = 0; i < bound.Length; i++)
                {
                    ValueRange seen = Range(s, lookups[s].TableOfElement[i], margin), worst = circuit.Ranges[value][i];
                    var within = new ValueRange(Math.Clamp(seen.Min, worst.Min, worst.Max), Math.Clamp(seen.Max, worst.Min, worst.Max));
                    bound[i] = bound[i] == default ? within : new ValueRange(Math.Min(bound[i].Min, within.Min), Math.Max(bound[i].Max, within.Max));
                }
            }

            return bound;
        }

        private ValueRange Range(int lookup, int table, double margin)
        {
            long extra = (long)Math.Ceiling((_max[lookup][table] - _min[lookup][table] + 1) * margin);
            return new ValueRange(_min[lookup][table] - extra, _max[lookup][table] + extra);
        }

        private static long[] Filled(int length, long value)
        {
            var array = new long[length];
            Array.Fill(array, value);
            return array;
        }
    }
}
