using BlindGrain.Cli.Reports.Evaluation;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports;

/// <summary>What a report's own figures tell the model's owner to look at, in sentences.</summary>
internal static class Advice
{
    /// <summary>The sentences, the gravest first; none where all is well.</summary>
    public static IReadOnlyList<string> Of(ModelReport report) => [.. report.Evaluation is null ? [] : OfData(report, report.Evaluation)];

    private static IEnumerable<string> OfData(ModelReport report, EvaluationReport evaluation)
    {
        foreach (HistogramReport h in evaluation.Histograms.Where(h => h.Outside > 0))
        {
            yield return $"{Count(h.Outside)} of {Count(h.Total)} accumulators of {h.Name} lie outside their declared range on these data. They wrap when encrypted: give more calibration data or a larger margin.";
        }

        StageReport? clear = evaluation.Stages.FirstOrDefault(s => s.Stage == "quantized");
        foreach (StageReport stage in evaluation.Stages.Where(s => s.Low is not null && clear?.Low is not null && s != clear))
        {
            if (stage.Stage == "float" && clear!.High < stage.Low)
            {
                yield return $"Quantization costs accuracy: {Percent(stage.Accuracy!.Value, 2)} in floats, {Percent(clear.Accuracy!.Value, 2)} as integers, beyond both 95 % intervals. Give it more bits.";
            }
            else if (stage.Stage is "noisy" or "encrypted" && stage.High < clear!.Low)
            {
                yield return $"Noise costs accuracy: {Percent(clear.Accuracy!.Value, 2)} on clear integers, {Percent(stage.Accuracy!.Value, 2)} {stage.Stage}, beyond both 95 % intervals. Take a smaller sigma, or exact mode.";
            }
        }

        if (report.Mode == "exact" && evaluation.Stages.FirstOrDefault(s => s.Stage == "encrypted") is { SameIntegers: { } same } encrypted && same < encrypted.Samples)
        {
            yield return $"{Count(encrypted.Samples - same)} of {Count(encrypted.Samples)} encrypted samples have other integers than clear execution, which exact mode should not show. Report this as a defect.";
        }

        HistogramReport[] roomy = [.. evaluation.Histograms.Where(h => !h.Declared && h.RangeBits - h.ReachedBits >= 1)];
        if (roomy.Length > 0)
        {
            yield return $"{string.Join(", ", roomy.Select(h => h.Name))}: the data leave a bit or more of the worst-case range unused. Ranges calibrated on data could be cheaper, at a risk that compile states.";
        }
    }
}
