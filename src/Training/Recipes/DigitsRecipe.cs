using BlindGrain.Training.Data;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Networks;

namespace BlindGrain.Training.Recipes;

/// <summary>Digits of 8×8 pixels by a convolutional network.</summary>
internal static class DigitsRecipe
{
    private const int Side = 8, Classes = 10;

    /// <summary>The defaults.</summary>
    public static ClassifierOptions Defaults { get; } = new()
    {
        Hidden = [12, 24],
        InputBits = 4,
        WeightBits = 3,
        ActivationBits = 3,
        Noise = 0.01,
        Sigma = 0.005,
        Training = new TrainingOptions { Epochs = 150, FloatShare = 0.3, BatchSize = 64, LearningRate = 0.01, MaxNonZero = null, TargetWidth = null },
    };

    private static Augmentation Changes { get; } = new(Degrees: 12, Scale: 0.1, Shear: 0.15, Shift: 0.6);

    /// <summary>Trains on the training writers' digits, tests on the others'.</summary>
    public static ClassifierResult Run(ClassifierOptions options, Action<EpochMetrics>? report, CancellationToken cancellation)
    {
        (Dataset train, Dataset test) = TrainingData.Digits();
        return Run(train, test, new SeededRandom(options.Seed), options, report, cancellation);
    }

    /// <summary>Trains and tests on one set as the reference does: the 1 797 digits of the test writers, of which a quarter, drawn by the seed, tests.</summary>
    public static ClassifierResult RunOnOneSet(ClassifierOptions options, Action<EpochMetrics>? report, CancellationToken cancellation)
    {
        Dataset all = TrainingData.Digits().Test;
        var random = new SeededRandom(options.Seed);
        int[] order = random.Permutation(all.Count);
        int tests = (all.Count + 3) / 4;
        return Run(all.Select(order.AsSpan(tests)), all.Select(order.AsSpan(0, tests)), random, options, report, cancellation);
    }

    private static ClassifierResult Run(Dataset train, Dataset test, SeededRandom random, ClassifierOptions options, Action<EpochMetrics>? report, CancellationToken cancellation)
    {
        using QuantSequential network = Classifiers.Convolutional(Side, Classes, options, random);
        return ClassifierRecipe.Run("digits", network, train, test, Changes, options, random, report, cancellation);
    }
}
