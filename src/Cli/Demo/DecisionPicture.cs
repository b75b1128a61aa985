using BlindGrain.Cli.Models;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using ScottPlot;

namespace BlindGrain.Cli.Demo;

/// <summary>
/// The decision regions of a network with two inputs, and the points that were classified encrypted. A dot has the colour of
/// its encrypted class; a ring marks one whose label says otherwise, a cross one where encrypted and clear disagree. The picture
/// carries no text: machines without fonts draw it alike, and the table beside it has the words.
/// </summary>
internal static class DecisionPicture
{
    private const int Grid = 240;
    private const int Pixels = 480;

    private static readonly Color[] s_regions = [Color.FromHex("#dbe9f6"), Color.FromHex("#fde3c8"), Color.FromHex("#d9f0d3"), Color.FromHex("#ecd9f0"), Color.FromHex("#f0f0c8")];
    private static readonly Color[] s_points = [Color.FromHex("#1f5f9f"), Color.FromHex("#d9700a"), Color.FromHex("#2b8a3e"), Color.FromHex("#7b2f9b"), Color.FromHex("#8a8a1f")];

    /// <summary>Whether the circuit can be drawn: two inputs and at most five classes.</summary>
    public static bool Fits(FheCircuit circuit) => circuit.Input.Length == 2 && circuit.Output.Length <= s_points.Length;

    /// <summary>Draws the picture as PNG.</summary>
    public static byte[] Draw(FheCircuit circuit, IReadOnlyList<ClassifiedPoint> points)
    {
        (double min, double max) = Extent(points);
        using var plot = new Plot();
        plot.HideGrid();
        plot.Layout.Frameless();
        AddRegions(plot, circuit, min, max);
        AddPoints(plot, points);
        plot.Axes.SetLimits(min, max, min, max);
        return plot.GetImage(Pixels, Pixels).GetImageBytes(ImageFormat.Png);
    }

    /// <summary>A square that holds the unit square and all points.</summary>
    private static (double Min, double Max) Extent(IReadOnlyList<ClassifiedPoint> points)
    {
        double[] all = [0, 1, .. points.Select(p => (double)p.X), .. points.Select(p => (double)p.Y)];
        return (all.Min() - 0.02, all.Max() + 0.02);
    }

    private static void AddRegions(Plot plot, FheCircuit circuit, double min, double max)
    {
        var executor = new ClearExecutor(circuit);
        double step = (max - min) / Grid;
        for (int row = 0; row < Grid; row++)
        {
            double y = min + (row * step);
            int start = 0, current = ClassAt(0);
            for (int column = 1; column <= Grid; column++)
            {
                // Neighbours of one class are drawn as one rectangle.
                int next = column < Grid ? ClassAt(column) : -1;
                if (next != current)
                {
                    ScottPlot.Plottables.Rectangle region = plot.Add.Rectangle(min + (start * step), min + (column * step), y, y + step);
                    region.FillColor = s_regions[current];
                    region.LineColor = s_regions[current];
                    (start, current) = (column, next);
                }
            }

            int ClassAt(int column) => Classes.ArgMax(Classes.ClearLogits(executor, circuit, [(float)(min + ((column + 0.5) * step)), (float)(y + (step / 2))]));
        }
    }

    private static void AddPoints(Plot plot, IReadOnlyList<ClassifiedPoint> points)
    {
        foreach (IGrouping<int, ClassifiedPoint> group in points.GroupBy(p => p.Encrypted))
        {
            Mark(plot, group, MarkerShape.FilledCircle, s_points[group.Key], 9, 1);
        }

        Mark(plot, points.Where(p => p.Label is { } label && label != p.Encrypted), MarkerShape.OpenCircle, Colors.Black, 15, 1.5f);
        Mark(plot, points.Where(p => p.Encrypted != p.Clear), MarkerShape.Eks, Colors.Red, 17, 3);
    }

    private static void Mark(Plot plot, IEnumerable<ClassifiedPoint> points, MarkerShape shape, Color color, float size, float line)
    {
        ClassifiedPoint[] all = [.. points];
        if (all.Length > 0)
        {
            ScottPlot.Plottables.Markers markers = plot.Add.Markers(all.Select(p => (double)p.X).ToArray(), all.Select(p => (double)p.Y).ToArray(), shape, size, color);
            markers.MarkerLineWidth = line;
        }
    }
}

/// <summary>One point of a two-dimensional task and the classes it got.</summary>
/// <param name="X">The first coordinate.</param>
/// <param name="Y">The second.</param>
/// <param name="Label">The true class, where known.</param>
/// <param name="Clear">The class by the circuit on clear integers.</param>
/// <param name="Encrypted">The class by the encrypted run.</param>
internal sealed record ClassifiedPoint(float X, float Y, int? Label, int Clear, int Encrypted);
