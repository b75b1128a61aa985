using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Data;
using BlindGrain.Training.Layers;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Networks;

namespace BlindGrain.Training.Recipes;

/// <summary>Iris, fully connected: four lengths, which the client normalizes, to three species. A third of each species tests.</summary>
internal static class IrisRecipe
{
    private const int Classes = 3;

    /// <summary>The defaults.</summary>
    public static ClassifierOptions Defaults { get; } = new()
    {
        Hidden = [8],
        InputBits = 4,
        WeightBits = 3,
        ActivationBits = 3,
        Training = new TrainingOptions { Epochs = 200, FloatShare = 0.4, BatchSize = 20, LearningRate = 0.01, MaxNonZero = null, TargetWidth = null, WeightDecay = 0.05 },
    };

    /// <summary>Trains and compiles one network.</summary>
    public static ClassifierResult Run(ClassifierOptions options, Action<EpochMetrics>? report, CancellationToken cancellation)
    {
        var random = new SeededRandom(options.Seed);
        (Dataset train, Dataset test) = Split(TrainingData.Iris(), random);

        // Normalized features lie within about ±2.5 standard deviations.
        float step = 2.5f / ((1 << (options.InputBits - 1)) - 1);
        var input = new QuantIdentity(new UniformQuantizer(step, 0, options.InputBits, signed: true, narrow: true));
        using QuantSequential network = Classifiers.FullyConnected([Normalize.Of(train.Samples()), input], 4, Classes, options, random);
        return ClassifierRecipe.Run("iris", network, train, test, null, options, random, report, cancellation);
    }

    /// <summary>Two thirds of each class, and the rest.</summary>
    private static (Dataset Train, Dataset Test) Split(Dataset all, SeededRandom random)
    {
        List<int> train = [], test = [];
        foreach (IGrouping<long, int> group in random.Permutation(all.Count).GroupBy(i => all.Labels[i]).OrderBy(g => g.Key))
        {
            int[] members = [.. group];
            train.AddRange(members[..(members.Length * 2 / 3)]);
            test.AddRange(members[(members.Length * 2 / 3)..]);
        }

        return (all.Select([.. train]), all.Select([.. test]));
    }
}
