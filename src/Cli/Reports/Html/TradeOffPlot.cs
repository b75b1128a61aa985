using BlindGrain.Cli.Reports.Evaluation;
using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>Two panels over bit-widths: accuracy with its interval, and cost on a logarithmic scale in both modes.</summary>
internal static class TradeOffPlot
{
    private const double Width = 760;
    private const double Height = 230;
    private const double PanelWidth = 318;
    private const double Left = 50;

    /// <summary>Draws the panels.</summary>
    public static Element Draw(TradeOffReport sweep)
    {
        string words = string.Join("; ", sweep.Points.Where(p => p.Accuracy is not null).Select(p => $"{Of(p.Bits, "bit")} {Percent(p.Accuracy!.Value, 2)}"));
        var svg = new Element(
            "svg",
            A("xmlns", HtmlPage.SvgNamespace),
            A("role", "img"),
            A("aria-label", $"Accuracy over bits: {words}"),
            Class("plot tradeoff"),
            A("viewBox", $"0 0 {NetworkDrawing.Number(Width)} {NetworkDrawing.Number(Height + 26)}"),
            A("width", Width),
            A("height", Height + 26));
        svg.Add(Accuracy(sweep));
        svg.Add(Cost(sweep));
        return E("div", Class("figure scroll"), svg);
    }

    private static Element Accuracy(TradeOffReport sweep)
    {
        TradeOffPoint[] points = [.. sweep.Points.Where(p => p.Accuracy is not null)];
        double low = Math.Floor((points.Select(p => p.Low!.Value).DefaultIfEmpty(0).Min() * 20) - 0.2) / 20;
        var panel = new Panel(sweep, Left, Math.Max(0, low), 1, logarithmic: false);
        Element group = panel.Frame("accuracy on clear integers", v => Percent(v, 0));
        if (sweep.FloatAccuracy is { } reference)
        {
            group.Add(E("line", Class("reference"), A("x1", Left), A("x2", Left + PanelWidth), A("y1", panel.Y(reference)), A("y2", panel.Y(reference)), E("title", $"float network: {Percent(reference, 2)}")));
        }

        group.Add(panel.Line("line first", [.. points.Select(p => (p.Bits, p.Accuracy!.Value))]));
        group.Add(points.Select(p => E(
            "g",
            E("title", $"{Of(p.Bits, "bit")}: {Percent(p.Accuracy!.Value, 2)}, {Percent(p.Low!.Value, 2)} to {Percent(p.High!.Value, 2)}"),
            E("line", Class("interval"), A("x1", panel.X(p.Bits)), A("x2", panel.X(p.Bits)), A("y1", panel.Y(p.Low.Value)), A("y2", panel.Y(p.High.Value))),
            E("circle", Class(p.Bits == sweep.ChosenBits ? "dot-mark chosen" : "dot-mark"), A("cx", panel.X(p.Bits)), A("cy", panel.Y(p.Accuracy.Value)), A("r", p.Bits == sweep.ChosenBits ? 6 : 4)))));
        return group;
    }

    private static Element Cost(TradeOffReport sweep)
    {
        double[] costs = [.. sweep.Points.SelectMany(p => new[] { p.ExactCost, p.ApproximateCost }).OfType<double>()];
        if (costs.Length == 0)
        {
            return E("g", E("text", Class("tick"), A("x", Width - PanelWidth), A("y", Height / 2), "no parameters fit at any width"));
        }

        double low = Math.Pow(10, Math.Floor(Math.Log10(costs.Min()))), high = Math.Pow(10, Math.Ceiling(Math.Log10(costs.Max()) + 1e-9));
        var panel = new Panel(sweep, Width - PanelWidth, low, high, logarithmic: true);
        Element group = panel.Frame("10⁶ operations an inference", PowerOfTen);
        foreach ((string kind, string name, Func<TradeOffPoint, double?> cost) in new (string, string, Func<TradeOffPoint, double?>)[] { ("first", "exact", p => p.ExactCost), ("second", "approximate", p => p.ApproximateCost) })
        {
            (int Bits, double Value)[] points = [.. sweep.Points.Where(p => cost(p) is not null).Select(p => (p.Bits, cost(p)!.Value))];
            group.Add(panel.Line($"line {kind}", points));
            group.Add(points.Select(p => E("circle", Class($"dot-mark {kind}"), A("cx", panel.X(p.Bits)), A("cy", panel.Y(p.Value)), A("r", 4), E("title", $"{name}, {Of(p.Bits, "bit")}: {Count((long)p.Value)} million operations"))));
            if (points.Length > 0)
            {
                group.Add(E("text", Class($"series {kind}"), A("x", panel.X(points[^1].Bits) - 8), A("y", panel.Y(points[^1].Value) - 9), A("text-anchor", "end"), name));
            }
        }

        return group;
    }

    private static string PowerOfTen(double value) => $"10{Superscript((int)Math.Round(Math.Log10(value)))}";
}
