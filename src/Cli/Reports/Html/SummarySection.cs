using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>The page's head: what the model is, its key figures, and what its owner should know.</summary>
internal static class SummarySection
{
    /// <summary>Builds the head.</summary>
    public static Element Build(ModelReport report)
    {
        var tiles = new List<Element>
        {
            Tile("Bootstraps", Count(report.Bootstraps), $"{(report is { Mode: "exact", Log2InferenceError: { } error } ? $"an inference, which fails with a probability of {Power(error)}" : "an inference: one for each look-up")}"),
            Tile("Modelled time", Seconds(report.Milliseconds / 1000), $"an inference on one core of the reference machine; {Short(report.Cost / 1000)} billion operations"),
            Tile("Widest accumulator", $"{report.MaxBits} bits", report.Ranges),
            Tile("Evaluation keys", Bytes(report.KeyBytes), $"uploaded once; {Bytes(report.ExpandedKeyBytes)} in a worker's memory"),
            Tile("Traffic", $"{Bytes(report.InputBytes)} up", $"and {Bytes(report.OutputBytes)} down, each inference"),
        };
        return E(
            "header",
            E("p", Class("kicker"), "BlindGrain · compiled model"),
            E("h1", report.Name),
            E("p", Class("lead"), Sentence(report)),
            E("dl", Class("tiles"), tiles),
            Warnings(report));
    }

    private static string Sentence(ModelReport report)
    {
        string mode = report.Mode == "exact"
            ? $"In exact mode every look-up is right but with a probability of at most {Power(report.Log2PError!.Value)}."
            : $"In approximate mode a look-up's index errs by a standard deviation of at most {Percent(report.Sigma!.Value, 2)} of its range, so results are noisy, and many times cheaper.";
        return $"Takes {Shape(report.InputShape)} values and yields {Shape(report.OutputShape)}, computed on ciphertexts only. {mode}";
    }

    private static Element? Warnings(ModelReport report) => report.Warnings.Count == 0 ? null : E(
        "div",
        Class("warnings"),
        A("role", "note"),
        E("h2", report.Warnings.Count == 1 ? "One thing to know" : "Things to know"),
        E("ul", report.Warnings.Select(w => E("li", w))));

    private static Element Tile(string what, string figure, string note) => E("div", E("dt", what), E("dd", E("strong", figure), E("span", note)));
}
