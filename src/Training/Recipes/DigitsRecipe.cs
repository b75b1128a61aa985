using BlindGrain.Training.Data;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Networks;

namespace BlindGrain.Training.Recipes;

/// <summary>Digits of 8×8 pixels by a convolutional network. It learns from writers whose digits do not test.</summary>
internal static class DigitsRecipe
{
    private const int Side = 8, Classes = 10;

    /// <summary>The defaults.</summary>
    public static ClassifierOptions Defaults { get; } = new()
    {
        Hidden = [8, 16],
        InputBits = 3,
        WeightBits = 3,
        ActivationBits = 3,
        Noise = 0.01,
        Sigma = 0.01,
        Training = new TrainingOptions { Epochs = 100, FloatShare = 0.3, BatchSize = 64, LearningRate = 0.01, MaxNonZero = null, TargetWidth = null },
    };

    private static Augmentation Changes { get; } = new(Degrees: 12, Scale: 0.1, Shear: 0.15, Shift: 0.6);

    /// <summary>Trains and compiles one network.</summary>
    public static ClassifierResult Run(ClassifierOptions options, Action<EpochMetrics>? report, CancellationToken cancellation)
    {
        (Dataset train, Dataset test) = TrainingData.Digits();
        var random = new SeededRandom(options.Seed);
        using QuantSequential network = Classifiers.Convolutional(Side, Classes, options, random);
        return ClassifierRecipe.Run("digits", network, train, test, Changes, options, random, report, cancellation);
    }
}
