using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Reports;

/// <summary>What a simulation showed; also the form of its JSON. Accuracies and sigmas are fractions.</summary>
/// <param name="Samples">The samples run.</param>
/// <param name="Accuracy">The fraction with the right class.</param>
/// <param name="AccuracyInterval">Its 95 % Wilson interval.</param>
/// <param name="Correct">How many had the right class.</param>
/// <param name="ClearAccuracy">With noise, the accuracy of the same samples without it, else null.</param>
/// <param name="SameClass">With noise, the fraction of samples with the class of the clear integers, else null.</param>
/// <param name="Seed">The seed of the noise, or null without.</param>
/// <param name="Overflows">The accumulators that left their declared ranges, in all layers.</param>
/// <param name="Layers">The linear maps with the look-ups that read them.</param>
/// <param name="Seconds">What the evaluation took.</param>
/// <param name="SamplesPerSecond">Samples a second, noise and all, on all cores.</param>
internal sealed record SimulationReport(
    int Samples,
    double Accuracy,
    ConfidenceInterval AccuracyInterval,
    int Correct,
    double? ClearAccuracy,
    double? SameClass,
    ulong? Seed,
    long Overflows,
    IReadOnlyList<SimulatedLayer> Layers,
    double Seconds,
    double SamplesPerSecond);

/// <summary>One layer of a simulation.</summary>
/// <param name="Name">The linear step.</param>
/// <param name="AccumulatorMin">The least accumulator over all samples and elements.</param>
/// <param name="AccumulatorMax">The largest.</param>
/// <param name="WorstMin">The least that the circuit's ranges provide for.</param>
/// <param name="WorstMax">The largest.</param>
/// <param name="Overflows">The accumulators outside the range of their element.</param>
/// <param name="LookUps">With noise, the index errors of the look-ups that read the accumulators, one entry a step.</param>
internal sealed record SimulatedLayer(string Name, long AccumulatorMin, long AccumulatorMax, long WorstMin, long WorstMax, long Overflows, IReadOnlyList<SimulatedLookUp> LookUps)
{
    /// <summary>The layers of a result, in the order of the steps.</summary>
    public static IReadOnlyList<SimulatedLayer> Of(CompiledModel model, SimulationResult result)
    {
        FheCircuit circuit = model.Circuit;
        return [.. Enumerable.Range(1, circuit.Steps.Count).Where(v => circuit.Steps[v - 1] is LinearStep).Select(v => new SimulatedLayer(
            circuit.Steps[v - 1].Name,
            result.Observed[v].Min,
            result.Observed[v].Max,
            circuit.Ranges[v].Min(r => r.Min),
            circuit.Ranges[v].Max(r => r.Max),
            result.Overflows[v],
            [.. Enumerable.Range(0, circuit.Steps.Count)
                .Where(s => circuit.Steps[s] is LookupStep lookup && lookup.Source == v && result.Noise[s] is not null)
                .Select(s => SimulatedLookUp.Of(circuit.Steps[s].Name, result.Noise[s]!, model.Sigma(s)))]))];
    }
}

/// <summary>The index errors of a look-up step.</summary>
/// <param name="Name">The step.</param>
/// <param name="Count">The look-ups.</param>
/// <param name="Sigma">The index's standard deviation as simulated, over all elements, as a fraction of the half torus.</param>
/// <param name="WorstSigma">The modelled one of the noisiest element.</param>
/// <param name="Misread">The fraction that read an entry of another integer.</param>
/// <param name="Wrong">The fraction that yielded another integer.</param>
/// <param name="Wrapped">How many left the half torus and came back negated.</param>
internal sealed record SimulatedLookUp(string Name, long Count, double Sigma, double WorstSigma, double Misread, double Wrong, long Wrapped)
{
    /// <summary>Describes a step's errors.</summary>
    public static SimulatedLookUp Of(string name, LookupNoise noise, double worst) =>
        new(name, noise.Count, noise.Sigma, worst, (double)noise.Misread / noise.Count, (double)noise.Wrong / noise.Count, noise.Wrapped);
}
