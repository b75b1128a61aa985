using BlindGrain.Engine.Execution.Reports;
using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>The network: its drawing, and every step as a row of a table.</summary>
internal static class NetworkSection
{
    /// <summary>Builds the section.</summary>
    public static Element Build(ModelReport report) => HtmlPage.Section(
        "network",
        "The network",
        "Linear steps add ciphertexts and cost no bootstrap. All that stands between two of them (scale, bias, normalization, activation, quantization) is fused into one table a value, and each look-up is one bootstrap.",
        E("div", Class("figure scroll"), A("tabindex", 0), A("role", "region"), A("aria-label", "Drawing of the network"), NetworkDrawing.Draw(report) as object ?? E("p", Class("note"), "The network has too many steps to be drawn; the table has them all.")),
        Legend(),
        Steps(report));

    private static Element Legend() => E(
        "p",
        Class("legend"),
        E("span", Class("key linear"), "linear step"),
        E("span", Class("key lookup"), "look-up: bootstraps"),
        E("span", Class("key client"), "on the client"));

    private static Element Steps(ModelReport report)
    {
        string error = report.Mode == "exact" ? "error of one" : "index σ";
        var table = new DataTable(
            "Every step with its shapes, ranges and costs",
            ("step", "", false),
            ("shape", "in → out", true),
            ("operators", "of the model", false),
            ("range", "[min, max]", true),
            ("widest", "integers", true),
            ("bit-widths", "of the elements", false),
            ("weights", "non-zero", true),
            ("‖w‖²", "largest row", true),
            ("tables", "distinct", true),
            ("bootstraps", "", true),
            (error, report.Mode == "exact" ? "modelled" : "of the range", true),
            ("time", "one core, share", true));
        foreach (StepReport step in report.Steps)
        {
            LookupFacts? lookup = step.Lookup;
            table.Row(
                null,
                E("span", E("span", Class($"dot {step.Kind}"), A("title", step.Kind)), " ", step.Name),
                step.Kind == "linear" ? $"{string.Join(", ", step.Sources.Select(s => Shape(report.Steps[s].Shape)).Distinct())} → {Shape(step.Shape)}" : Shape(step.Shape),
                string.Join(", ", step.Operators),
                Range(step.Min, step.Max) + (step.Linear is { Declared: true } ? " declared" : ""),
                Count(step.Values),
                BitWidthBars.Draw(step),
                step.Linear is { } linear ? Count(linear.Weights) : "",
                step.Linear is { } norms ? Count((long)norms.SquaredNorm) : "",
                lookup is null ? "" : Count(lookup.Tables),
                lookup is null ? "" : Count(lookup.Bootstraps),
                lookup is null ? "" : report.Mode == "exact" ? Power(lookup.Log2PError) : Percent(lookup.Sigma, 2),
                lookup is null ? "" : $"{Seconds(lookup.Milliseconds / 1000)}, {Percent(lookup.TimeShare, 0)}");
        }

        return table.Build();
    }
}
