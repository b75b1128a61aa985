using BlindGrain.Compiler.Quantization;
using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>The quantizers that post-training quantization put into a float network, and what calibrated ranges risk.</summary>
internal static class QuantizationSection
{
    /// <summary>Builds the section; null where the network came quantized and ranges are the worst case.</summary>
    public static Element? Build(ModelReport report)
    {
        if (report.Quantization is not { Count: > 0 } && report.CalibratedRanges is null)
        {
            return null;
        }

        var section = HtmlPage.Section(
            "quantization",
            "Quantization and calibration",
            "Each tensor's quantizer was calibrated on what reaches it with everything before it quantized already.");
        if (report.CalibratedRanges is { } ranges)
        {
            section.Add(E(
                "p",
                $"Ranges are calibrated: on the samples that were held back {Count(ranges.Outside)} of {Count(ranges.Read)} values left their range, so one look-up leaves its range with a probability of about {ranges.OverflowProbability.ToString("0.#E+0", System.Globalization.CultureInfo.InvariantCulture)} at most. Such a value wraps."));
        }

        if (report.Quantization is { Count: > 0 } points)
        {
            section.Add(Points(points));
        }

        return section;
    }

    private static Element Points(IReadOnlyList<QuantizationPoint> points)
    {
        var table = new DataTable("Quantizers", ("tensor", "", false), ("kind", "", false), ("bits", "", true), ("scales", "", true), ("scale", "least to largest", true), ("zero-point", "", true));
        foreach (QuantizationPoint p in points)
        {
            (float least, float most) = (p.Scales.Min(), p.Scales.Max());
            table.Row(
                null,
                p.Tensor,
                p.IsWeight ? "weights" : "activations",
                Count(p.Bits),
                p.Scales.Count == 1 ? "one a tensor" : $"{Count(p.Scales.Count)}, one a channel",
                least == most ? Short(least) : $"{Short(least)} to {Short(most)}",
                Count(p.ZeroPoint));
        }

        return table.Build();
    }
}
