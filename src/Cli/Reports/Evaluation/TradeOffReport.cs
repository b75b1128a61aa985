using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Reports.Evaluation;

/// <summary>What a float model becomes over bit-widths.</summary>
/// <param name="Samples">The labelled samples that the accuracies count.</param>
/// <param name="FloatAccuracy">The float network's accuracy on them, 0 to 1, where it was measured.</param>
/// <param name="ChosenBits">The bits of activations that the model was compiled with.</param>
/// <param name="Points">One a bit-width, rising.</param>
internal sealed record TradeOffReport(int Samples, double? FloatAccuracy, int ChosenBits, IReadOnlyList<TradeOffPoint> Points)
{
    /// <summary>The report of a sweep.</summary>
    public static TradeOffReport Of(IReadOnlyList<SweepPoint> sweep, double? floatAccuracy, int chosenBits) => new(
        sweep.Max(p => p.Samples),
        floatAccuracy,
        chosenBits,
        [.. sweep.OrderBy(p => p.Bits).Select(p =>
        {
            ConfidenceInterval? interval = p.Refusal is null ? ConfidenceInterval.OfProportion(p.Correct, p.Samples) : null;
            return p.Refusal is null
                ? new TradeOffPoint(p.Bits, p.Accuracy, interval?.Low, interval?.High, p.Bootstraps, p.MaxBits, p.CalibratedBits, p.ExactCost, p.ApproximateCost, null)
                : new TradeOffPoint(p.Bits, null, null, null, null, null, null, null, null, p.Refusal);
        })]);
}

/// <summary>One bit-width of a trade-off.</summary>
/// <param name="Bits">Bits of input, weights and activations.</param>
/// <param name="Accuracy">Accuracy on clear integers, 0 to 1; null, like all figures, where the network does not compile at this width.</param>
/// <param name="Low">The lower end of Wilson's 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Bootstraps">Programmable bootstraps of an inference.</param>
/// <param name="MaxBits">The bits of the widest accumulator in the worst case.</param>
/// <param name="CalibratedBits">The same by ranges calibrated on data.</param>
/// <param name="ExactCost">The modelled cost in exact mode in 10^6 operations; null where no parameters suffice.</param>
/// <param name="ApproximateCost">The same in approximate mode over calibrated ranges.</param>
/// <param name="Refusal">Why the network does not compile at this width, or null.</param>
internal sealed record TradeOffPoint(
    int Bits, double? Accuracy, double? Low, double? High, int? Bootstraps, int? MaxBits, int? CalibratedBits, double? ExactCost, double? ApproximateCost, string? Refusal);
