using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Compiler.Quantization;

/// <summary>
/// Narrows what look-ups read, and what leaves the circuit, from the worst case to what data reach, with a margin. Elements that share a table share a range.
/// A value that leaves its range wraps when it is encrypted, so the probability of that is estimated and said.
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

        RangeReader[] readers = RangeReader.Of(circuit);
        var all = new ObservedExtremes(circuit, readers);
        var firstHalf = new ObservedExtremes(circuit, readers);
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
                read += readers.Sum(r => (long)r.GroupOfElement.Length);
            }
        }

        // None of n seen is compatible with up to 3/n, at 95 %.
        double overflow = read == 0 ? 0 : Math.Max(outside, 3) / (double)read;
        return new CalibratedCircuit(Rebuild(circuit, all, margin), overflow, outside, read);
    }

    private static FheCircuit Rebuild(FheCircuit circuit, ObservedExtremes observed, double margin)
    {
        var steps = new List<CircuitStep>();
        var ranges = new List<ValueRange[]> { circuit.Ranges[0] };
        foreach (CircuitStep step in circuit.Steps)
        {
            CircuitStep rebuilt = step switch
            {
                LinearStep linear when observed.Bound(steps.Count + 1, margin) is { } bound => new LinearStep(linear.Name, linear.Terms, linear.Bias, bound) { Shape = linear.Shape, Operators = linear.Operators },
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
        var reached = new ValueRange?[step.Tables.Count];
        for (int i = 0; i < ranges.Length; i++)
        {
            int t = step.TableOfElement[i];
            reached[t] = reached[t] is { } r ? new ValueRange(Math.Min(r.Min, ranges[i].Min), Math.Max(r.Max, ranges[i].Max)) : ranges[i];
        }

        LookupTable[] tables = [.. step.Tables.Select((table, t) => reached[t] is { } r
            ? new LookupTable(r.Min, table.Outputs[(int)(r.Min - table.InputMin)..(int)(r.Max - table.InputMin + 1)])
            : new LookupTable(table.InputMin, [table.Outputs[0]]))];
        return new LookupStep(step.Name, step.Source, tables, step.TableOfElement) { Shape = step.Shape, Operators = step.Operators };
    }
}
