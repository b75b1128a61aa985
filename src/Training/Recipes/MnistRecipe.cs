using BlindGrain.Training.Data;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Networks;

namespace BlindGrain.Training.Recipes;

/// <summary>MNIST by a fully connected network, from 10 000 training images that are changed a little in every epoch.</summary>
internal static class MnistRecipe
{
    private const int Pixels = 784, Classes = 10;

    /// <summary>The defaults.</summary>
    public static ClassifierOptions Defaults { get; } = new()
    {
        Hidden = [128, 64],
        InputBits = 2,
        WeightBits = 3,
        ActivationBits = 3,
        Noise = 0.01,
        Sigma = 0.005,
        Training = new TrainingOptions { Epochs = 60, FloatShare = 0.3, BatchSize = 100, LearningRate = 0.005, MaxNonZero = null, TargetWidth = null },
    };

    private static Augmentation Changes { get; } = new(Degrees: 12, Scale: 0.1, Shear: 0.15, Shift: 2);

    /// <summary>Trains and compiles one network.</summary>
    public static ClassifierResult Run(ClassifierOptions options, Action<EpochMetrics>? report, CancellationToken cancellation)
    {
        (Dataset train, Dataset test) = TrainingData.Mnist([Pixels]);
        var random = new SeededRandom(options.Seed);
        using QuantSequential network = Classifiers.FullyConnected([Classifiers.Input(options)], Pixels, Classes, options, random);
        return ClassifierRecipe.Run("mnist", network, train, test, Changes, options, random, report, cancellation);
    }
}
