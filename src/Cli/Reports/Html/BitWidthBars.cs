using BlindGrain.Engine.Execution.Reports;
using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>How many elements of a value have each bit-width, as bars of a word's size; one width alone is a number.</summary>
internal static class BitWidthBars
{
    private const double Height = 22;
    private const double Step = 12;

    /// <summary>Draws the bars.</summary>
    public static Element Draw(StepReport step)
    {
        (int from, int to) = (step.ElementsOfBits.Keys.Min(), step.ElementsOfBits.Keys.Max());
        if (from == to)
        {
            return E("span", $"all {Count(from)}");
        }

        string words = string.Join(", ", step.ElementsOfBits.Select(b => $"{Of(b.Value, "element")} of {Of(b.Key, "bit")}"));
        double most = step.ElementsOfBits.Values.Max(), width = (to - from + 1) * Step;
        var svg = new Element("svg", A("xmlns", HtmlPage.SvgNamespace), A("role", "img"), A("aria-label", words), A("width", width), A("height", Height), Class("bits"), E("title", words));
        for (int bits = from; bits <= to; bits++)
        {
            double height = step.ElementsOfBits.TryGetValue(bits, out int count) ? Math.Max(1.5, count / most * Height) : 0;
            svg.Add(E("rect", A("x", (bits - from) * Step), A("y", Height - height), A("width", Step - 3), A("height", height), A("rx", 1)));
        }

        return E("span", Class("widths"), $"{Count(from)} ", svg, $" {Count(to)}");
    }
}
