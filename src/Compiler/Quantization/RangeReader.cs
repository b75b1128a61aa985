using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Quantization;

/// <summary>A reader of a linear step's value: a look-up, or the output.</summary>
/// <param name="Value">The number of the value.</param>
/// <param name="GroupOfElement">For each element, the group that it shares a range with: the elements of one table, or all of the output's.</param>
/// <param name="Groups">The number of groups.</param>
internal sealed record RangeReader(int Value, int[] GroupOfElement, int Groups)
{
    /// <summary>All readers of a circuit's linear steps.</summary>
    public static RangeReader[] Of(FheCircuit circuit)
    {
        IEnumerable<RangeReader> lookups = circuit.Steps.OfType<LookupStep>().Where(s => IsLinear(circuit, s.Source)).Select(s => new RangeReader(s.Source, s.TableOfElement, s.Tables.Count));
        return IsLinear(circuit, circuit.Output.Value)
            ? [.. lookups, new RangeReader(circuit.Output.Value, new int[circuit.Output.Length], 1)]
            : [.. lookups];
    }

    private static bool IsLinear(FheCircuit circuit, int value) => value > 0 && circuit.Steps[value - 1] is LinearStep;
}
