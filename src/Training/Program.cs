using System.CommandLine;
using BlindGrain.Training.Commands;
using BlindGrain.Training.Recipes;

namespace BlindGrain.Training;

/// <summary>The command line of blindgrain-train.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        var root = new RootCommand("Trains BlindGrain's sample networks with quantization and pruning, and writes them as ONNX.");
        root.Subcommands.Add(CheckerboardCommand.Create());
        root.Subcommands.Add(FloatCheckerboardCommand.Create());
        root.Subcommands.Add(ClassifierCommand.Create("iris", "Trains a fully connected classifier of Iris.", IrisRecipe.Defaults, IrisRecipe.Run));
        root.Subcommands.Add(ClassifierCommand.Create("digits", "Trains a convolutional classifier of 8×8 digits.", DigitsRecipe.Defaults, DigitsRecipe.Run));
        root.Subcommands.Add(ClassifierCommand.Create("mnist", "Trains a fully connected classifier of MNIST from 10 000 images.", MnistRecipe.Defaults, MnistRecipe.Run));
        root.Subcommands.Add(ReproduceCommand.Create());
        return root.Parse(args).InvokeAsync();
    }
}
