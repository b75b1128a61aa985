using BlindGrain.Cli.Reports.Evaluation;
using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>The accuracy of each stage as a dot with its confidence interval, on one axis.</summary>
internal static class AccuracyPlot
{
    private const double Width = 640;
    private const double Left = 92;
    private const double Right = 78;
    private const double RowHeight = 30;

    /// <summary>Stages of fewer samples do not set the axis.</summary>
    private const int MinSamples = 100;

    /// <summary>Draws the plot.</summary>
    public static Element Draw(IReadOnlyList<StageReport> stages)
    {
        // A few encrypted samples have an interval so wide that it would hide all differences: it is cut off at the axis' ends.
        StageReport[] many = [.. stages.Where(s => s.Samples >= MinSamples)];
        many = many.Length == 0 ? [.. stages] : many;
        double low = Math.Min(many.Min(s => s.Low!.Value), stages.Min(s => s.Accuracy!.Value)), high = Math.Max(many.Max(s => s.High!.Value), stages.Max(s => s.Accuracy!.Value));
        double step = TickStep(high - low);
        low = Math.Max(0, Math.Floor(low / step) * step);
        high = Math.Min(1, Math.Ceiling(high / step) * step);
        double X(double accuracy) => Left + ((accuracy - low) / (high - low) * (Width - Left - Right));
        double bottom = (stages.Count * RowHeight) + 6;
        string words = string.Join("; ", stages.Select(s => $"{s.Stage} {Percent(s.Accuracy!.Value, 2)}"));
        var svg = new Element(
            "svg",
            A("xmlns", HtmlPage.SvgNamespace),
            A("role", "img"),
            A("aria-label", $"Accuracy by stage: {words}"),
            Class("plot accuracy"),
            A("viewBox", $"0 0 {NetworkDrawing.Number(Width)} {NetworkDrawing.Number(bottom + 24)}"),
            A("width", Width),
            A("height", bottom + 24));
        for (double tick = low; tick <= high + (step / 2); tick += step)
        {
            svg.Add(E("line", Class("grid"), A("x1", X(tick)), A("x2", X(tick)), A("y1", 0), A("y2", bottom)));
            svg.Add(E("text", Class("tick"), A("x", X(tick)), A("y", bottom + 16), A("text-anchor", "middle"), Percent(tick, step < 0.01 ? 1 : 0)));
        }

        for (int i = 0; i < stages.Count; i++)
        {
            StageReport stage = stages[i];
            double y = (i + 0.5) * RowHeight;
            svg.Add(E(
                "g",
                E("title", $"{stage.What}: {Count(stage.Correct!.Value)} of {Count(stage.Samples)} right, {Percent(stage.Low!.Value, 2)} to {Percent(stage.High!.Value, 2)}"),
                E("text", Class("label"), A("x", Left - 12), A("y", y + 4), A("text-anchor", "end"), stage.Stage),
                E("line", Class("interval"), A("x1", X(Math.Max(low, stage.Low.Value))), A("x2", X(Math.Min(high, stage.High.Value))), A("y1", y), A("y2", y)),
                E("circle", Class("dot-mark"), A("cx", X(stage.Accuracy!.Value)), A("cy", y), A("r", 5)),
                E("text", Class("figure-label"), A("x", Width), A("y", y + 4), A("text-anchor", "end"), Percent(stage.Accuracy.Value, 2))));
        }

        return E("div", Class("figure scroll"), svg);
    }

    private static double TickStep(double span)
    {
        double[] steps = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2];
        return Array.Find(steps, s => span / s <= 7) is var found and > 0 ? found : 0.2;
    }
}
