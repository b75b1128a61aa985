using BlindGrain.Tests;
using BlindGrain.Training.Recipes;

namespace BlindGrain.Training.Tests.Recipes;

public class IrisRecipeTests
{
    [Fact]
    public void It_learns_to_tell_the_species_and_the_circuit_gives_the_same_classes()
    {
        _ = SharedData.FileOrSkip("data/iris/iris.csv");
        ClassifierOptions options = IrisRecipe.Defaults with { Seed = 2, Training = IrisRecipe.Defaults.Training with { Epochs = 60 } };

        ClassifierResult result = IrisRecipe.Run(options, null, TestContext.Current.CancellationToken);

        Assert.Equal(51, result.Test.Count);
        Assert.Equal([17, 17, 17], result.Test.Labels.GroupBy(l => l).Select(g => g.Count()));
        Assert.InRange(result.Trained, 0.8, 1);
        Assert.Equal(51, result.EqualClasses);
        Assert.Equal(8, result.Circuit.Bootstraps);
    }
}
