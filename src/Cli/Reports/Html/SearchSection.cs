using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>What the search for approximate parameters tried.</summary>
internal static class SearchSection
{
    /// <summary>Builds the section; null where there was no search.</summary>
    public static Element? Build(ModelReport report)
    {
        if (report.Search is not { } search)
        {
            return null;
        }

        var table = new DataTable(
            "Parameters that the search tried",
            ("index σ", "of the range", true),
            ("time", "modelled", true),
            ("keys", "to upload", true),
            ("samples", "with repetitions", true),
            ("accuracy", "with noise", true),
            ("loss", "points", true),
            ("95 % interval", "of the loss", true),
            ("parameters", "", false));
        foreach (CandidateReport c in search.Candidates)
        {
            table.Row(
                c.Accepted ? "current" : null,
                Percent(c.Sigma, 2),
                Seconds(c.Milliseconds / 1000),
                Bytes(c.KeyBytes),
                Count(c.Trials),
                Percent(c.Accuracy, 2),
                Decimal(c.Loss * 100, 2),
                $"{Decimal(c.LossInterval.Low * 100, 2)} to {Decimal(c.LossInterval.High * 100, 2)}",
                E("code", c.Parameters));
        }

        return HtmlPage.Section(
            "search",
            "The search for approximate parameters",
            $"The cheapest first, until noise costs at most {Decimal(search.Tolerance * 100, 2)} points of accuracy with 95 % confidence on {Of(search.Samples, "validation sample")} ({Percent(search.ClearAccuracy, 2)} of them right on clear integers). The marked one was taken.",
            table.Build());
    }
}
