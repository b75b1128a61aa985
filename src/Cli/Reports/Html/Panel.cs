using BlindGrain.Cli.Reports.Evaluation;
using static BlindGrain.Cli.Reports.Html.Element;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>One panel of a plot over bit-widths: its scales, frame and lines.</summary>
internal sealed class Panel
{
    private const double Width = 318;
    private const double Top = 30;
    private const double Bottom = 230;
    private const int Ticks = 5;

    private readonly double _left;
    private readonly double _low;
    private readonly double _high;
    private readonly bool _logarithmic;
    private readonly int[] _bits;

    /// <summary>Creates a panel whose vertical axis goes from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public Panel(TradeOffReport sweep, double left, double low, double high, bool logarithmic)
    {
        _bits = [.. sweep.Points.Select(p => p.Bits)];
        (_left, _low, _high, _logarithmic) = (left, low, high, logarithmic);
    }

    /// <summary>Where a bit-width stands.</summary>
    public double X(int bits) => _left + 16 + ((double)(bits - _bits[0]) / Math.Max(1, _bits[^1] - _bits[0]) * (Width - 32));

    /// <summary>Where a value stands.</summary>
    public double Y(double value) => Bottom - ((Scale(value) - Scale(_low)) / (Scale(_high) - Scale(_low)) * (Bottom - Top));

    /// <summary>Title, grid and ticks.</summary>
    public Element Frame(string title, Func<double, string> label)
    {
        var group = new Element("g", E("text", Class("label"), A("x", _left), A("y", 12), title));
        double[] ticks = _logarithmic
            ? [.. Enumerable.Range(0, (int)Math.Round(Math.Log10(_high / _low)) + 1).Select(t => _low * Math.Pow(10, t))]
            : [.. Enumerable.Range(0, Ticks + 1).Select(t => _low + ((_high - _low) * t / Ticks))];
        foreach (double tick in ticks)
        {
            group.Add(E("line", Class("grid"), A("x1", _left), A("x2", _left + Width), A("y1", Y(tick)), A("y2", Y(tick))));
            group.Add(E("text", Class("tick"), A("x", _left - 7), A("y", Y(tick) + 4), A("text-anchor", "end"), label(tick)));
        }

        group.Add(_bits.Select(b => E("text", Class("tick"), A("x", X(b)), A("y", Bottom + 17), A("text-anchor", "middle"), b)));
        return group;
    }

    /// <summary>A line through points.</summary>
    public Element Line(string kind, IReadOnlyList<(int Bits, double Value)> points) => E(
        "path",
        Class(kind),
        A("d", string.Concat(points.Select((p, i) => $"{(i == 0 ? 'M' : 'L')}{NetworkDrawing.Number(X(p.Bits))} {NetworkDrawing.Number(Y(p.Value))}"))));

    private double Scale(double value) => _logarithmic ? Math.Log(value) : value;
}
