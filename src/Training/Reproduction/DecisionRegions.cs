using System.Globalization;
using System.Text;
using BlindGrain.Engine.Execution;
using BlindGrain.Training.Data;
using BlindGrain.Training.Export;
using BlindGrain.Training.Recipes;

namespace BlindGrain.Training.Reproduction;

/// <summary>Draws which class each point of the unit square gets, as SVG: from the trained network, from its integer circuit and from encrypted inferences, side by side, with the test points over it.</summary>
internal static class DecisionRegions
{
    private const int Cells = 100, CellSize = 3, Gap = 24, Title = 22;
    private const double Low = -0.03, High = 1.03;

    /// <summary>Writes a picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="title">What stands above it.</param>
    /// <param name="model">The network.</param>
    /// <param name="encrypted">Whether a third panel shows what encrypted inferences gave.</param>
    /// <param name="cancellation">Stops between encrypted inferences.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, string title, TrainedModel model, bool encrypted, CancellationToken cancellation)
    {
        Dataset grid = Grid();
        var panels = new List<(string, long[])>();
        if (model.TrainedGrid is { } trained)
        {
            panels.Add((model.TrainedName, trained));
        }

        panels.Add(("quantized: its integers, in the clear", ClearClasses.Of(model.Circuit, grid)));
        if (encrypted)
        {
            (long[] classes, int count) = EncryptedClasses(model, grid, cancellation);
            panels.Add(($"encrypted: a ciphertext for each of {count} inputs", classes));
        }

        WholeFile.Write(path, Encoding.UTF8.GetBytes(Svg(title, panels, model.Test)));
    }

    /// <summary>The centres of the picture's cells, row by row from the top.</summary>
    public static Dataset Grid()
    {
        var values = new float[2 * Cells * Cells];
        for (int i = 0; i < Cells * Cells; i++)
        {
            values[2 * i] = (float)(Low + ((High - Low) * ((i % Cells) + 0.5) / Cells));
            values[(2 * i) + 1] = (float)(High - ((High - Low) * ((i / Cells) + 0.5) / Cells));
        }

        return new Dataset(values, [2], new long[Cells * Cells]);
    }

    /// <summary>Points that the input's quantizer does not tell apart are one input: each is encrypted once, and the class that comes back is that of all its points.</summary>
    private static (long[] Classes, int Inputs) EncryptedClasses(TrainedModel model, Dataset grid, CancellationToken cancellation)
    {
        float[][] points = grid.Samples();
        string[] inputs = Array.ConvertAll(points, p => string.Join(',', model.Calibrated.Input.Quantize(p)));
        string[] distinct = [.. inputs.Distinct()];
        int[] chosen = Array.ConvertAll(distinct, d => Array.IndexOf(inputs, d));
        CompiledModel compiled = CompiledModel.Create(model.Calibrated, new ExecutionMode.Approximate(0.01));
        (long[][] results, _) = EncryptedRun.InProcess(compiled, Array.ConvertAll(chosen, i => points[i]), Environment.ProcessorCount, null, cancellation);
        var classes = distinct.Zip(results, (d, r) => (d, ClearClasses.OfIntegers(model.Calibrated, r))).ToDictionary(p => p.d, p => (long)p.Item2);
        return (Array.ConvertAll(inputs, i => classes[i]), distinct.Length);
    }

    private static string Svg(string title, List<(string Name, long[] Classes)> panels, Dataset points)
    {
        int side = Cells * CellSize, width = (panels.Count * (side + Gap)) + Gap, height = side + (2 * Title) + Gap;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"13\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n<text x=\"{Gap}\" y=\"16\">{title}</text>\n");
        for (int p = 0; p < panels.Count; p++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({Gap + (p * (side + Gap))} {2 * Title})\">\n<text y=\"-5\" fill=\"#555\">{panels[p].Name}</text>\n<rect width=\"{side}\" height=\"{side}\" fill=\"#dbe9f6\"/>\n<path fill=\"#f8dcc4\" d=\"");
            Regions(svg, panels[p].Classes);
            svg.Append("\"/>\n");
            Points(svg, points, side);
            svg.Append("</g>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Runs of class 1 in each row, as rectangles of one path.</summary>
    private static void Regions(StringBuilder svg, long[] classes)
    {
        for (int row = 0; row < Cells; row++)
        {
            for (int from = 0, to; from < Cells; from = to)
            {
                to = from + 1;
                if (classes[(row * Cells) + from] == 0)
                {
                    continue;
                }

                while (to < Cells && classes[(row * Cells) + to] != 0)
                {
                    to++;
                }

                svg.Append(CultureInfo.InvariantCulture, $"M{from * CellSize} {row * CellSize}h{(to - from) * CellSize}v{CellSize}h-{(to - from) * CellSize}z");
            }
        }
    }

    private static void Points(StringBuilder svg, Dataset points, int side)
    {
        for (int i = 0; i < points.Count; i++)
        {
            double x = (points.Values[2 * i] - Low) / (High - Low) * side, y = (High - points.Values[(2 * i) + 1]) / (High - Low) * side;
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"1.6\" fill=\"{(points.Labels[i] == 0 ? "#1f5f99" : "#b3541e")}\"/>");
        }

        svg.Append('\n');
    }
}
