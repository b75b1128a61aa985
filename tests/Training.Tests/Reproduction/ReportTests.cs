using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using BlindGrain.Training.Reproduction;

namespace BlindGrain.Training.Tests.Reproduction;

public sealed class ReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blindgrain-report-").FullName;

    [Fact]
    public void A_spread_is_mean_and_sample_deviation()
    {
        Spread spread = Spread.Of([1, 2, 3, 6]);

        Assert.Equal(new Spread(3, Math.Sqrt(14.0 / 3), 1, 6, 4), spread);
        Assert.Equal(0, Spread.Of([5]).Deviation);
    }

    [Fact]
    public void A_float_row_is_trained_quantized_and_measured()
    {
        TrainedModel model = FloatRow.Run(new RowSettings(Hidden: 8, NonZero: 4, Seed: 3, Epochs: 2, Calibration: 50), TestContext.Current.CancellationToken);

        Assert.InRange(model.Result.Integers, 0.3, 1);
        Assert.Equal(16, model.Result.Bootstraps);
        Assert.InRange(model.Result.ObservedBits, 1, model.Result.WorstCaseBits);
        Assert.NotNull(model.TrainedGrid);
    }

    [Fact]
    public void The_committed_sample_is_a_row_and_its_decision_regions_a_picture()
    {
        TrainedModel model = SampleRow.Run();
        string file = Path.Combine(_folder, "picture.svg");

        DecisionRegions.Write(file, "sample", model, encrypted: true, TestContext.Current.CancellationToken);

        Assert.Equal(model.Result.Trained, model.Result.Integers);
        Assert.InRange(model.Result.Ceiling!.Value - model.Result.Integers, -0.01, 0.01);
        XElement svg = XElement.Load(file);
        Assert.Equal(3 * 500, svg.Descendants().Count(e => e.Name.LocalName == "circle"));
        string[] regions = [.. svg.Descendants().Where(e => e.Name.LocalName == "path").Select(e => e.Attribute("d")!.Value)];
        Assert.Equal(3, regions.Length);

        // Approximate bootstraps change a class now and then: of the 16 different inputs one, rarely two.
        HashSet<(int, int)> clear = Pixels(regions[1]), encrypted = Pixels(regions[2]);
        Assert.NotEmpty(clear);
        Assert.InRange(clear.Except(encrypted).Concat(encrypted.Except(clear)).Count(), 0, 300 * 300 / 8);
    }

    [Fact]
    public void The_tables_hold_theirs_beside_ours_and_goals_that_are_missed()
    {
        RowFigures figures = RowFigures.Of([new SeedResult(1, 0.9, 0.8, 6, 7, 20), new SeedResult(2, 0.94, 0.94, 6, 8, 20)]);
        var row = new ReportRow(
            "checkerboard",
            "ptq-10",
            "PTQ, 3 bits, h = 10",
            new Theirs(0.687, 0.5644, 6.6, 10.2),
            figures,
            [new SeedResult(1, 0.9, 0.8, 6, 7, 20), new SeedResult(2, 0.94, 0.94, 6, 8, 20)],
            [new EncryptedResult("exact", "REST", 5, 4, 5, 0.8, 0.25, 20, 2, 12.5, "set")],
            [new GoalResult("kept", 0.87, 0.66, true), new GoalResult("missed", 0.5, 0.66, false)],
            1);

        string text = ReportMarkdown.Format(new ReproductionReport("a machine", "./train reproduce", false, 0.955, [row], ["Iris: no file."], 60));

        Assert.Contains("| PTQ, 3 bits, h = 10 | 2 | 68.70 % | 92.00 % ± 2.83 | 56.44 % | 87.00 % ± 9.90 | – | – | 6.6 | 6.0 | 7.5 | 20 |", text, StringComparison.Ordinal);
        Assert.Contains("| PTQ, 3 bits, h = 10 | exact | REST | 5 | 4 | 5 | 80.0 % | 10.20 | 0.250 | 20 | 2 | 12.5 MB |", text, StringComparison.Ordinal);
        Assert.Contains("| missed | 0.66 | 0.5 | **no** |", text, StringComparison.Ordinal);
        Assert.Contains("Not run: Iris: no file.", text, StringComparison.Ordinal);
        Assert.Contains("95.50 %", text, StringComparison.Ordinal);
    }

    /// <summary>The pixels that a path of rectangles, "Mx yhWvHh-Wz" one after the other, covers.</summary>
    private static HashSet<(int X, int Y)> Pixels(string path) =>
        [.. Regex.Matches(path, @"M(\d+) (\d+)h(\d+)v(\d+)").Select(m => m.Groups.Values.Skip(1).Select(g => int.Parse(g.Value, CultureInfo.InvariantCulture)).ToArray())
            .SelectMany(r => Enumerable.Range(r[0], r[2]).SelectMany(x => Enumerable.Range(r[1], r[3]).Select(y => (x, y))))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
