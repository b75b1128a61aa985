using BlindGrain.Cli.Reports.Evaluation;
using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>One value's accumulators over data: bars over the range that the circuit makes room for, with the part that the data reach marked.</summary>
internal static class HistogramPlot
{
    private const double Width = 330;
    private const double Height = 92;
    private const double Axis = 30;

    /// <summary>Draws the plot.</summary>
    public static Element Draw(HistogramReport histogram)
    {
        string words = $"{histogram.Name}: {Count(histogram.Total)} accumulators lie in {Range(histogram.Min, histogram.Max)}; the circuit makes room for {Range(histogram.RangeMin, histogram.RangeMax)}";
        var svg = new Element(
            "svg",
            A("xmlns", HtmlPage.SvgNamespace),
            A("role", "img"),
            A("aria-label", words),
            Class("plot histogram"),
            A("viewBox", $"0 0 {NetworkDrawing.Number(Width)} {NetworkDrawing.Number(Height + Axis)}"),
            A("width", Width),
            A("height", Height + Axis),
            E("title", words));
        double unit = Width / histogram.Counts.Count, most = histogram.Counts.Max();
        double At(long v) => (double)(v - histogram.RangeMin) / (histogram.BinWidth * histogram.Counts.Count) * Width;
        (double left, double right) = (Math.Clamp(At(histogram.Min), 0, Width), Math.Clamp(At(histogram.Max + 1), 0, Width));
        svg.Add(E("rect", Class("reached"), A("x", left), A("y", 0), A("width", Math.Max(1, right - left)), A("height", Height)));
        for (int i = 0; i < histogram.Counts.Count; i++)
        {
            if (histogram.Counts[i] == 0)
            {
                continue;
            }

            long from = histogram.RangeMin + (i * histogram.BinWidth), to = Math.Min(from + histogram.BinWidth - 1, histogram.RangeMax);
            double height = Math.Max(1, histogram.Counts[i] / most * (Height - 6));
            svg.Add(E(
                "rect",
                Class("column"),
                A("x", i * unit),
                A("y", Height - height),
                A("width", Math.Max(0.8, unit - Math.Min(1, unit / 4))),
                A("height", height),
                E("title", $"{(from == to ? Count(from) : Range(from, to))}: {Count(histogram.Counts[i])} ({Percent((double)histogram.Counts[i] / histogram.Total, 2)})")));
        }

        svg.Add(E("line", Class("axis"), A("x1", 0), A("x2", Width), A("y1", Height), A("y2", Height)));
        svg.Add(Label(0, "start", Count(histogram.RangeMin), Height + 14, "tick"));
        svg.Add(Label(Width, "end", Count(histogram.RangeMax), Height + 14, "tick"));
        if (histogram.RangeMin < 0 && histogram.RangeMax > 0)
        {
            svg.Add(E("line", Class("axis"), A("x1", At(0) + (unit / 2)), A("x2", At(0) + (unit / 2)), A("y1", Height), A("y2", Height + 4)));
            svg.Add(Label(At(0) + (unit / 2), "middle", "0", Height + 14, "tick"));
        }

        svg.Add(Label((left + right) / 2, "middle", $"data: {Range(histogram.Min, histogram.Max)}", Height + 27, "reach-label", 66));
        return svg;
    }

    private static Element Label(double x, string anchor, string text, double y, string kind, double keep = 0) =>
        E("text", Class(kind), A("x", Math.Clamp(x, keep, Width - keep)), A("y", y), A("text-anchor", anchor), text);
}
