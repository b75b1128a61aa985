using BlindGrain.Training.Data;
using BlindGrain.Training.Layers;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Networks;
using BlindGrain.Training.Tasks;

namespace BlindGrain.Training.Tests.Learning;

public class AccumulatorBoundTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_accumulator_is_within_the_width(int bits)
    {
        using QuantMlp network = Small.Network(5);
        Assert.True(WorstCase.Of(network).Max(l => l.MaxWidth) > 1 << bits, "The network is narrow from the start: the test tests nothing.");

        AccumulatorBound.Enforce(network, bits);

        Assert.All(WorstCase.Of(network), l => Assert.InRange(l.MaxWidth, 1, 1 << bits));
        Assert.All(network.LinearLayers, l => Assert.True(l.IntegerWeights().Chunk(l.InFeatures).All(r => r.Sum(Math.Abs) <= ((1 << bits) - 1) / 3)));
    }

    [Fact]
    public void Steps_go_where_the_error_grows_least_and_signs_stay()
    {
        using QuantMlp network = Small.Network(5);
        QuantLinear layer = network.LinearLayers[0];
        layer.SetWeights([0.8f, -1.4f, .. new float[10]]);
        Assert.Equal([2, -3], layer.IntegerWeights()[..2]);

        // Four bits allow Σ|q| ≤ 15 / 3 = 5, three bits 7 / 3 = 2.
        AccumulatorBound.Enforce(network, 4);
        Assert.Equal([2, -3], layer.IntegerWeights()[..2]);
        AccumulatorBound.Enforce(network, 3);

        // Of 1.6 and −2.8 steps: [0, −2] is nearer than [1, −1].
        Assert.Equal([0, -2], layer.IntegerWeights()[..2]);
    }

    [Fact]
    public void A_trained_network_keeps_to_it()
    {
        (Dataset train, _) = Checkerboard.Generate(1);
        using QuantMlp network = Small.Network(6);

        QatTrainer.Train(network, train.Take(1000), new TrainingOptions { Epochs = 2, FloatShare = 0.5, TargetWidth = null, MaxNonZero = null, AccumulatorBits = 4 }, new SeededRandom(6), null, TestContext.Current.CancellationToken);

        Assert.All(WorstCase.Of(network), l => Assert.InRange(l.MaxWidth, 1, 16));
    }
}
