using BlindGrain.Training.Data;
using BlindGrain.Training.Tasks;

namespace BlindGrain.Training.Tests.Tasks;

public class CheckerboardTests
{
    [Fact]
    public void One_seed_makes_the_same_points_twice_and_another_seed_makes_others()
    {
        (Dataset train, Dataset test) = Checkerboard.Generate(7);
        (Dataset again, Dataset testAgain) = Checkerboard.Generate(7);
        (Dataset other, _) = Checkerboard.Generate(8);

        Assert.Equal(train.Values, again.Values);
        Assert.Equal(train.Labels, again.Labels);
        Assert.Equal(test.Values, testAgain.Values);
        Assert.NotEqual(train.Values, other.Values);
    }

    [Fact]
    public void Nine_thousand_five_hundred_points_train_and_five_hundred_test()
    {
        (Dataset train, Dataset test) = Checkerboard.Generate(1);

        Assert.Equal(9_500, train.Count);
        Assert.Equal(500, test.Count);
    }

    [Theory]
    [InlineData(0.0, 0.0, 0)]
    [InlineData(0.0, 0.3, 1)]
    [InlineData(0.3, 0.3, 0)]
    [InlineData(0.9, 0.6, 1)]
    [InlineData(1.0, 0.0, 1)]
    public void Labels_follow_the_parity_of_the_rounded_coordinates(double x, double y, int label) =>
        Assert.Equal(label, Checkerboard.LabelOf(x, y));

    [Fact]
    public void Halves_round_to_even() => Assert.Equal(0, Checkerboard.LabelOf(0.5, 0));

    [Fact]
    public void Noise_after_labelling_leaves_the_rule_right_on_about_ninety_five_percent()
    {
        (Dataset train, _) = Checkerboard.Generate(3);

        Assert.InRange(Checkerboard.RuleAccuracy(train), 0.945, 0.967);
    }

    [Fact]
    public void Noise_has_the_stated_deviation_and_every_grid_point_appears_once()
    {
        (Dataset train, Dataset test) = Checkerboard.Generate(5);
        double[] x = train.Values.Concat(test.Values).Where((_, i) => i % 2 == 0).Select(v => (double)v).Order().ToArray();

        // Σ (i/99)² over the grid plus the noise's variance is the mean square.
        double grid = Enumerable.Range(0, Checkerboard.Side).Average(i => Math.Pow(i / 99.0, 2));
        Assert.Equal(10_000, x.Length);
        Assert.Equal(0.5, x.Average(), 3);
        Assert.InRange(x.Average(v => v * v) - grid, -0.0006, 0.0008);
        Assert.InRange(x[0], -0.06, -0.005);
    }
}
