using BlindGrain.Training.Data;
using BlindGrain.Training.Tasks;

namespace BlindGrain.Training.Tests.Tasks;

public class CheckerboardCeilingTests
{
    [Fact]
    public void It_lies_near_what_the_best_classifier_gets_and_above_the_rule()
    {
        (Dataset train, Dataset test) = Checkerboard.Generate(1);

        double expected = CheckerboardCeiling.Expected(train), reached = CheckerboardCeiling.Accuracy(train);

        Assert.InRange(expected, 0.945, 0.965);
        Assert.InRange(reached - expected, -0.006, 0.006);
        Assert.True(reached >= Checkerboard.RuleAccuracy(train) - 0.001);
        Assert.InRange(CheckerboardCeiling.Accuracy(test), 0.93, 0.98);
    }

    [Fact]
    public void Far_from_every_edge_a_point_is_certain() =>
        Assert.Equal(1, CheckerboardCeiling.Expected(new Dataset([0.33f, 0.33f, 0.66f, 0.02f], [2], [0, 0])), 6);
}
