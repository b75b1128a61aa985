using BlindGrain.Cli.Reports.Evaluation;
using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>Accuracy and cost over bit-widths, for a network that was quantized after training.</summary>
internal static class TradeOffSection
{
    /// <summary>Builds the section; null where there was no sweep.</summary>
    public static Element? Build(ModelReport report)
    {
        if (report.TradeOff is not { Points.Count: > 0 } sweep)
        {
            return null;
        }

        var table = new DataTable(
            "Accuracy and cost over bit-widths",
            ("bits", "", true),
            ("accuracy", "clear integers", true),
            ("95 % interval", "Wilson", true),
            ("bootstraps", "", true),
            ("widest", "worst case", true),
            ("widest", "calibrated", true),
            ("exact", "10⁶ operations", true),
            ("approximate", "10⁶ operations", true));
        foreach (TradeOffPoint p in sweep.Points)
        {
            string? kind = p.Bits == sweep.ChosenBits ? "current" : p.Refusal is null ? null : "none";
            if (p.Refusal is { } refusal)
            {
                table.Row(kind, Count(p.Bits), E("span", A("title", refusal), "not compiled"), "", "", "", "", "", "");
                continue;
            }

            table.Row(
                kind,
                Count(p.Bits),
                Percent(p.Accuracy!.Value, 2),
                $"{Percent(p.Low!.Value, 2)} to {Percent(p.High!.Value, 2)}",
                Count(p.Bootstraps!.Value),
                Of(p.MaxBits!.Value, "bit"),
                Of(p.CalibratedBits!.Value, "bit"),
                Cost(p.ExactCost),
                Cost(p.ApproximateCost));
        }

        string refused = string.Concat(sweep.Points.Where(p => p.Refusal is not null).Select(p => $"{Of(p.Bits, "bit")}: {p.Refusal} "));
        return HtmlPage.Section(
            "trade-off",
            "The trade-off over bits",
            $"The float network quantized anew at each width (input, weights and activations alike), its accuracy on {Of(sweep.Samples, "sample")}, and the modelled cost of an inference. The marked width is this model's.",
            TradeOffPlot.Draw(sweep),
            table.Build(),
            refused.Length > 0 ? E("p", Class("note"), refused) : null);
    }

    private static string Cost(double? cost) => cost is { } c ? Count((long)Math.Round(c)) : "none fit";
}
