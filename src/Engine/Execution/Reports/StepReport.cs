using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution.Reports;

/// <summary>What is told of one node of a circuit, to draw it: the input (value 0) or one step (value i + 1).</summary>
/// <param name="Value">The number of the value that it yields.</param>
/// <param name="Kind">"input", "linear" or "lookup".</param>
/// <param name="Name">The step's name.</param>
/// <param name="Sources">The numbers of the values that it reads.</param>
/// <param name="Shape">The result's shape without the batch dimension.</param>
/// <param name="Operators">The model's operators that it computes, in order: what was fused into it.</param>
/// <param name="Length">The number of integers that it yields.</param>
/// <param name="Min">The least that any of them can be.</param>
/// <param name="Max">The largest.</param>
/// <param name="Values">The number of integers that the widest of them can be.</param>
/// <param name="Bits">log2 of <paramref name="Values"/>, rounded up.</param>
/// <param name="ElementsOfBits">For each bit-width that occurs, how many of the integers have it.</param>
/// <param name="BitsOfChannels">The bits of the widest integer of each channel, where the shape has channels (its first axis, of several).</param>
/// <param name="IsOutput">Whether these integers leave the circuit.</param>
/// <param name="Linear">What a linear step has; null for others.</param>
/// <param name="Lookup">What a look-up step has; null for others.</param>
public sealed record StepReport(
    int Value,
    string Kind,
    string Name,
    IReadOnlyList<int> Sources,
    IReadOnlyList<int> Shape,
    IReadOnlyList<string> Operators,
    int Length,
    long Min,
    long Max,
    long Values,
    int Bits,
    IReadOnlyDictionary<int, int> ElementsOfBits,
    IReadOnlyList<int>? BitsOfChannels,
    bool IsOutput,
    LinearFacts? Linear,
    LookupFacts? Lookup)
{
    /// <summary>The nodes of a model in order of evaluation.</summary>
    public static IReadOnlyList<StepReport> Of(CompiledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        FheCircuit circuit = model.Circuit;
        return [.. Enumerable.Range(0, circuit.Steps.Count + 1).Select(value =>
        {
            ValueRange[] ranges = circuit.Ranges[value];
            ValueRange widest = ranges.MaxBy(r => r.Width);
            CircuitStep? step = value == 0 ? null : circuit.Steps[value - 1];
            return new StepReport(
                value,
                step switch { LinearStep => "linear", LookupStep => "lookup", _ => "input" },
                step?.Name ?? "input",
                [.. step?.Sources ?? []],
                step?.Shape ?? circuit.Input.Shape,
                step?.Operators ?? [],
                ranges.Length,
                ranges.Min(r => r.Min),
                ranges.Max(r => r.Max),
                widest.Width,
                widest.Bits,
                ranges.GroupBy(r => r.Bits).OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.Count()),
                Channels(ranges, step?.Shape ?? circuit.Input.Shape),
                value == circuit.Output.Value,
                step is LinearStep linear ? LinearFacts.Of(linear) : null,
                step is LookupStep lookup ? LookupFacts.Of(model, value - 1, lookup) : null);
        })];
    }

    private static int[]? Channels(ValueRange[] ranges, int[] shape) => shape.Length < 2 || shape[0] < 2
        ? null
        : [.. ranges.Chunk(ranges.Length / shape[0]).Select(channel => channel.Max(r => r.Bits))];
}
