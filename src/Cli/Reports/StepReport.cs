using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Cli.Reports;

/// <summary>One node of the network's drawing: the input (value 0) or one step of the circuit (value i + 1).</summary>
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
internal sealed record StepReport(
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

/// <summary>What a report tells of a linear step.</summary>
/// <param name="Weights">Weights other than zero.</param>
/// <param name="LargestWeight">The largest absolute weight.</param>
/// <param name="SquaredNorm">The largest Σ w² of a row: by so much it multiplies the variance of the noise.</param>
/// <param name="Declared">Whether its ranges were declared (calibrated, say) rather than found by interval arithmetic alone.</param>
internal sealed record LinearFacts(long Weights, int LargestWeight, double SquaredNorm, bool Declared)
{
    /// <summary>Describes a step.</summary>
    public static LinearFacts Of(LinearStep step)
    {
        var norms = new double[step.OutputLength];
        long weights = 0;
        int largest = 0;
        foreach (SparseMatrix matrix in step.Terms.Select(t => t.Matrix))
        {
            weights += matrix.NonZeros;
            for (int r = 0; r < matrix.Rows; r++)
            {
                for (int e = matrix.RowStart[r]; e < matrix.RowStart[r + 1]; e++)
                {
                    norms[r] += (double)matrix.Weight[e] * matrix.Weight[e];
                    largest = Math.Max(largest, Math.Abs(matrix.Weight[e]));
                }
            }
        }

        return new LinearFacts(weights, largest, norms.Max(), step.Bound is not null);
    }
}

/// <summary>What a report tells of a look-up step.</summary>
/// <param name="Bootstraps">Its programmable bootstraps: one an element.</param>
/// <param name="Tables">Distinct tables.</param>
/// <param name="Log2PError">log2 of the modelled probability that one look-up reads a wrong entry.</param>
/// <param name="Sigma">The modelled standard deviation of a look-up's index, as a fraction of the range.</param>
/// <param name="Cost">Its modelled cost in 10^6 operations.</param>
/// <param name="Milliseconds">Its modelled time on one core of the reference machine, with what the step's spare noise saves.</param>
/// <param name="TimeShare">Its part of all look-ups' time, 0 to 1.</param>
/// <param name="ParameterSet">The id of its parameter set.</param>
internal sealed record LookupFacts(int Bootstraps, int Tables, double Log2PError, double Sigma, double Cost, double Milliseconds, double TimeShare, string ParameterSet)
{
    /// <summary>Describes a step.</summary>
    public static LookupFacts Of(CompiledModel model, int index, LookupStep step)
    {
        ParameterSet parameters = model.ParameterPlan[index];
        double milliseconds = CostModel.Reference.LayerMilliseconds(parameters, model.Plan(index), step.OutputLength, threads: 1, model.DimensionOf(step.Source));
        return new LookupFacts(
            step.OutputLength,
            step.Tables.Count,
            model.Log2PError(index),
            model.Sigma(index),
            step.OutputLength * parameters.Cost,
            milliseconds,
            milliseconds / model.Milliseconds(CostModel.Reference, threads: 1),
            parameters.Id);
    }
}
