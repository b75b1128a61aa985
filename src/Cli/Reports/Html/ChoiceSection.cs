using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>Both modes side by side, and what the next bit would cost.</summary>
internal static class ChoiceSection
{
    private const double BarWidth = 110;

    /// <summary>Builds the section.</summary>
    public static Element Build(ModelReport report) => HtmlPage.Section(
        "choices",
        "What else it could cost",
        "For each demand the cheapest parameters are found anew. Bars compare the modelled time of an inference on one core of the reference machine, at the parameters' full precision.",
        E("h3", "Exact and approximate"),
        Table(report.Modes, "Exact and approximate mode side by side"),
        E("h3", "The next bit, and other errors"),
        E("p", Class("lead"), "A bit more everywhere: every accumulator twice as wide, by one more bit of activations, say; the weights as they are."),
        Table(report.Choices, "What one bit more or less and other errors would cost"));

    private static Element Table(IReadOnlyList<ChoiceReport> choices, string caption)
    {
        double most = choices.Max(c => c.Milliseconds ?? 0);
        var table = new DataTable(
            caption,
            ("demand", "", false),
            ("cost", "10⁶ operations", true),
            ("time", "modelled", true),
            ("", "of an inference", false),
            ("against", "as compiled", true),
            ("keys", "to upload", true),
            ("keys", "in memory", true),
            ("accuracy", "simulated", true),
            ("parameters", "", false));
        foreach (ChoiceReport choice in choices)
        {
            string demand = choice.Current && choice.Demand != "as compiled" ? $"{choice.Demand} (as compiled)" : choice.Demand;
            if (choice.Cost is not { } cost)
            {
                table.Row("none", demand, "", "", "no parameters meet it", "", "", "", "", "");
                continue;
            }

            double width = most > 0 ? Math.Max(3, choice.Milliseconds!.Value / most * BarWidth) : 0;
            table.Row(
                choice.Current ? "current" : null,
                demand,
                Count((long)Math.Round(cost)),
                Seconds(choice.Milliseconds!.Value / 1000),
                Bar(width, $"{demand}: {Seconds(choice.Milliseconds.Value / 1000)}"),
                choice.RelativeTime is { } factor ? Factor(factor) : "",
                Bytes(choice.KeyBytes!.Value),
                Bytes(choice.ExpandedKeyBytes!.Value),
                choice.Accuracy is { } accuracy ? Percent(accuracy, 2) : "",
                E("code", choice.ParameterSet));
        }

        return table.Build();
    }

    private static Element Bar(double width, string title) => E(
        "svg",
        A("xmlns", HtmlPage.SvgNamespace),
        A("role", "img"),
        A("aria-label", title),
        Class("costbar"),
        A("width", BarWidth),
        A("height", 12),
        E("title", title),
        E("rect", Class("track"), A("width", BarWidth), A("height", 8), A("y", 2), A("rx", 4)),
        E("rect", Class("bar"), A("width", width), A("height", 8), A("y", 2), A("rx", 4)));
}
