using BlindGrain.Training.Data;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Networks;
using BlindGrain.Training.Recipes;
using BlindGrain.Training.Tasks;

namespace BlindGrain.Training.Tests;

/// <summary>Small networks and short trainings that several tests share.</summary>
internal static class Small
{
    /// <summary>A fresh 2-6-4-2 network.</summary>
    public static QuantMlp Network(ulong seed) => new(
        new QuantMlpOptions
        {
            Features = [2, 6, 4, 2],
            Input = CheckerboardRecipe.InputQuantizer,
            Weight = CheckerboardRecipe.WeightQuantizer(0.5f),
            Activation = CheckerboardRecipe.ActivationQuantizer,
        },
        new SeededRandom(seed));

    /// <summary>The network after two epochs, one in float and one quantized, on 1 000 points, with at most three weights a neuron.</summary>
    public static QuantMlp Trained(ulong seed, List<EpochMetrics>? epochs = null)
    {
        (Dataset train, _) = Checkerboard.Generate(1);
        QuantMlp network = Network(seed);
        var options = new TrainingOptions { Epochs = 2, FloatShare = 0.5, MaxNonZero = 3 };
        QatTrainer.Train(network, train.Select(Enumerable.Range(0, 1000).ToArray()), options, new SeededRandom(seed), epochs is null ? null : epochs.Add, TestContext.Current.CancellationToken);
        return network;
    }
}
