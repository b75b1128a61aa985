using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution.Simulation;

/// <summary>
/// What a circuit's integers can really be when declared ranges are not believed: a linear step's values by interval arithmetic alone. What a
/// look-up yields stays in its range, because it reads nothing outside of the declared one; with noise its sign may turn.
/// </summary>
internal sealed class AccumulatorBounds
{
    private readonly FheCircuit _circuit;
    private readonly ValueRange[][] _bounds;

    /// <summary>Bounds every value.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="negacyclic">Whether a look-up may also yield the negative of each of its values.</param>
    /// <exception cref="ArgumentException">An accumulator can exceed 64 bits.</exception>
    public AccumulatorBounds(FheCircuit circuit, bool negacyclic)
    {
        _circuit = circuit;
        _bounds = new ValueRange[circuit.Steps.Count + 1][];
        _bounds[0] = circuit.Ranges[0];
        for (int s = 0; s < circuit.Steps.Count; s++)
        {
            _bounds[s + 1] = circuit.Steps[s] is LinearStep linear ? OfLinear(linear)
                : negacyclic ? [.. circuit.Ranges[s + 1].Select(Closed)]
                : circuit.Ranges[s + 1];
        }
    }

    /// <summary>Whether all values fit 32 bits.</summary>
    public bool Fit32 => _bounds.All(v => v.All(r => r.Min >= int.MinValue && r.Max <= int.MaxValue));

    /// <summary>Whether a value can leave the range that the circuit gives it.</summary>
    public bool CanLeave(int value) => _bounds[value].Zip(_circuit.Ranges[value]).Any(pair => pair.First.Min < pair.Second.Min || pair.First.Max > pair.Second.Max);

    private static ValueRange Closed(ValueRange r) => new(Math.Min(r.Min, -r.Max), Math.Max(r.Max, -r.Min));

    private ValueRange[] OfLinear(LinearStep step)
    {
        var result = new ValueRange[step.OutputLength];
        for (int r = 0; r < result.Length; r++)
        {
            Int128 min = step.Bias[r], max = step.Bias[r];
            foreach (LinearTerm term in step.Terms)
            {
                ValueRange[] source = _bounds[term.Source];
                for (int e = term.Matrix.RowStart[r]; e < term.Matrix.RowStart[r + 1]; e++)
                {
                    Int128 w = term.Matrix.Weight[e];
                    ValueRange x = source[term.Matrix.Column[e]];
                    min += w > 0 ? w * x.Min : w * x.Max;
                    max += w > 0 ? w * x.Max : w * x.Min;
                }
            }

            result[r] = min >= long.MinValue && max <= long.MaxValue
                ? new ValueRange((long)min, (long)max)
                : throw new ArgumentException($"Row {r} of linear step '{step.Name}' of circuit '{_circuit.Name}' can exceed 64 bits where values leave their declared ranges.");
        }

        return result;
    }
}
