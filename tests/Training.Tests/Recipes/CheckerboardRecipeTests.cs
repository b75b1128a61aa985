using BlindGrain.Tests;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Recipes;

namespace BlindGrain.Training.Tests.Recipes;

public sealed class CheckerboardRecipeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blindgrain-train-").FullName;

    [Fact]
    public void Two_runs_write_the_same_bytes_and_the_compiled_accuracy_is_the_networks()
    {
        CheckerboardReport first = Run("a/model.onnx", new TrainingOptions { Epochs = 2, FloatShare = 0.5 });
        CheckerboardReport second = Run("b/model.onnx", new TrainingOptions { Epochs = 2, FloatShare = 0.5 });

        Assert.Equal(File.ReadAllBytes(first.Model), File.ReadAllBytes(second.Model));
        Assert.Equal(File.ReadAllBytes(first.Points), File.ReadAllBytes(second.Points));
        Assert.Equal(first.TestAccuracy, first.CircuitAccuracy);
        string[] lines = File.ReadAllLines(first.Points);
        Assert.Equal("x,y,label", lines[0]);
        Assert.Equal(501, lines.Length);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_folder, "a")).Length);
    }

    [Fact]
    public void Too_wide_accumulators_are_refused_and_nothing_is_written()
    {
        var unbounded = new TrainingOptions { Epochs = 1, FloatShare = 0, MaxNonZero = null, TargetWidth = null };

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Run("wide.onnx", unbounded, hidden: [64, 64]));

        Assert.Contains("more than 6 bits", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void The_committed_test_points_are_those_of_the_default_data_seed()
    {
        CheckerboardReport report = Run("c/model.onnx", new TrainingOptions { Epochs = 1, FloatShare = 0 });

        Assert.Equal(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "samples", "checkerboard.points.csv")), File.ReadAllText(report.Points));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private CheckerboardReport Run(string model, TrainingOptions training, int[]? hidden = null)
    {
        string output = Path.Combine(_folder, model);
        var options = new CheckerboardOptions { Output = output, Points = Path.ChangeExtension(output, ".points.csv"), Hidden = hidden ?? [6, 4], Training = training };
        return CheckerboardRecipe.Run(options, null, TestContext.Current.CancellationToken);
    }
}
