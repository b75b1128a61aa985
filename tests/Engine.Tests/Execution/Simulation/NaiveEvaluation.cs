using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Tests.Execution.Simulation;

/// <summary>A circuit evaluated as its definition reads, one integer at a time: what fast execution is held against.</summary>
internal static class NaiveEvaluation
{
    public static long[][] RunAll(FheCircuit circuit, int[] input, long[]? overflows = null)
    {
        var values = new long[circuit.Steps.Count + 1][];
        values[0] = [.. input.Select(q => (long)q)];
        for (int s = 0; s < circuit.Steps.Count; s++)
        {
            values[s + 1] = new long[circuit.Steps[s].OutputLength];
            for (int r = 0; r < values[s + 1].Length; r++)
            {
                values[s + 1][r] = circuit.Steps[s] switch
                {
                    LinearStep linear => linear.Bias[r] + linear.Terms.Sum(t => Enumerable.Range(t.Matrix.RowStart[r], t.Matrix.RowStart[r + 1] - t.Matrix.RowStart[r])
                        .Sum(e => t.Matrix.Weight[e] * values[t.Source][t.Matrix.Column[e]])),
                    LookupStep lookup => Look(lookup, r),
                    _ => throw new InvalidOperationException(),
                };
            }
        }

        return values;

        long Look(LookupStep lookup, int element)
        {
            long x = values[lookup.Source][element];
            ValueRange range = circuit.Ranges[lookup.Source][element];
            if (overflows is not null && !range.Contains(x))
            {
                overflows[lookup.Source]++;
            }

            return lookup.Tables[lookup.TableOfElement[element]][Math.Clamp(x, range.Min, range.Max)];
        }
    }
}
