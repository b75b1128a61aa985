using BlindGrain.Training.Data;
using BlindGrain.Training.Layers;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Networks;
using BlindGrain.Training.Tasks;

namespace BlindGrain.Training.Tests.Learning;

public class QatTrainerTests
{
    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        using QuantMlp first = Small.Trained(11);
        using QuantMlp second = Small.Trained(11);
        using QuantMlp other = Small.Trained(12);

        Assert.Equal(Parameters(first), Parameters(second));
        Assert.NotEqual(Parameters(first), Parameters(other));
    }

    [Fact]
    public void Training_lowers_the_loss()
    {
        (Dataset train, _) = Checkerboard.Generate(1);
        using QuantMlp network = Small.Network(1);
        var epochs = new List<EpochMetrics>();

        QatTrainer.Train(network, train, new TrainingOptions { Epochs = 8, FloatShare = 0.99, TargetWidth = null }, new SeededRandom(1), epochs.Add, TestContext.Current.CancellationToken);

        Assert.Equal(8, epochs.Count);
        Assert.True(epochs[6].Loss < epochs[0].Loss, $"The loss went from {epochs[0].Loss} to {epochs[6].Loss}.");
    }

    [Fact]
    public void The_first_epochs_are_in_float_and_the_network_ends_quantized_and_pruned()
    {
        var epochs = new List<EpochMetrics>();

        using QuantMlp network = Small.Trained(13, epochs);

        Assert.Equal([false, true], epochs.Select(e => e.Quantized));
        Assert.All(network.LinearLayers, l => Assert.True(l.QuantizationEnabled));
        foreach (QuantLinear layer in network.LinearLayers)
        {
            Assert.All(layer.Weights().Chunk(layer.InFeatures), row => Assert.True(row.Count(w => w != 0) <= 3));
        }
    }

    [Fact]
    public void The_best_quantized_epoch_stays()
    {
        (Dataset train, _) = Checkerboard.Generate(1);
        using QuantMlp network = Small.Network(2);
        var epochs = new List<EpochMetrics>();

        QatTrainer.Train(network, train, new TrainingOptions { Epochs = 6, FloatShare = 0.34 }, new SeededRandom(2), epochs.Add, TestContext.Current.CancellationToken);

        Assert.Equal(epochs.Where(e => e.Quantized).MinBy(e => e.Loss)!.TrainAccuracy, network.Accuracy(train));
    }

    [Fact]
    public void A_penalty_narrows_the_accumulators()
    {
        (Dataset train, _) = Checkerboard.Generate(1);
        using QuantMlp free = Small.Network(3);
        using QuantMlp pulled = Small.Network(3);
        var options = new TrainingOptions { Epochs = 6, MaxNonZero = null, TargetWidth = null };

        QatTrainer.Train(free, train, options, new SeededRandom(3), null, TestContext.Current.CancellationToken);
        QatTrainer.Train(pulled, train, options with { TargetWidth = 10, PenaltyWeight = 0.1 }, new SeededRandom(3), null, TestContext.Current.CancellationToken);

        Assert.True(WorstCase.Of(pulled).Max(l => l.MaxWidth) < WorstCase.Of(free).Max(l => l.MaxWidth));
    }

    [Fact]
    public void A_training_without_a_quantized_epoch_is_refused()
    {
        (Dataset train, _) = Checkerboard.Generate(1);
        using QuantMlp network = Small.Network(4);

        Assert.Throws<ArgumentOutOfRangeException>(() => QatTrainer.Train(network, train, new TrainingOptions { FloatShare = 1 }, new SeededRandom(4), null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_cancelled_training_stops()
    {
        (Dataset train, _) = Checkerboard.Generate(1);
        using QuantMlp network = Small.Network(4);

        Assert.Throws<OperationCanceledException>(() => QatTrainer.Train(network, train, new TrainingOptions(), new SeededRandom(4), null, new CancellationToken(canceled: true)));
    }

    private static float[] Parameters(QuantMlp network) => [.. network.LinearLayers.SelectMany(l => l.Weights().Concat(l.Biases()))];
}
