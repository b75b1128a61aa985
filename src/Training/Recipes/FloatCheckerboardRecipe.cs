using BlindGrain.Training.Data;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Networks;

namespace BlindGrain.Training.Recipes;

/// <summary>A float network of the checkerboard, pruned or not: what post-training quantization starts from.</summary>
internal static class FloatCheckerboardRecipe
{
    /// <summary>Networks of fewer neurons than this are trained from several starts.</summary>
    private const int SmallBelow = 20, StartsOfSmall = 4;

    /// <summary>Trains a network: the one of least training loss out of some that start anew, where it is so small that it may get stuck.</summary>
    /// <param name="options">Neurons, weights, epochs, seed.</param>
    /// <param name="train">The training points.</param>
    /// <param name="report">Called after every epoch of every start.</param>
    /// <param name="cancellation">Stops between epochs.</param>
    public static QuantSequential Train(FloatCheckerboardOptions options, Dataset train, Action<EpochMetrics>? report, CancellationToken cancellation)
    {
        var random = new SeededRandom(options.Seed);
        var training = new TrainingOptions
        {
            Epochs = options.Epochs,
            FloatShare = 0.5,
            Quantize = false,
            LearningRate = 0.01,
            MaxNonZero = options.NonZero,
            CapEveryNeuron = false,
            TargetWidth = null,
        };
        QuantSequential? best = null;
        double least = double.PositiveInfinity;
        for (int start = 0; start < Starts(options.Hidden); start++)
        {
            double loss = double.PositiveInfinity;
            QuantSequential network = FloatMlp.Create([2, options.Hidden, options.Hidden, 2], random);
            QatTrainer.Train(
                network,
                train,
                training,
                random,
                e =>
                {
                    loss = Math.Min(loss, e.Loss);
                    report?.Invoke(e);
                },
                cancellation);
            if (best is null || loss < least)
            {
                best?.Dispose();
                (best, least) = (network, loss);
            }
            else
            {
                network.Dispose();
            }
        }

        return best!;
    }

    /// <summary>How many networks are trained for one.</summary>
    public static int Starts(int hidden) => hidden < SmallBelow ? StartsOfSmall : 1;
}
