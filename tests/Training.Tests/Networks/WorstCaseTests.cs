using BlindGrain.Engine.Circuits;
using BlindGrain.Training.Layers;
using BlindGrain.Training.Networks;

namespace BlindGrain.Training.Tests.Networks;

public class WorstCaseTests
{
    [Fact]
    public void The_first_layers_range_is_what_all_inputs_together_reach()
    {
        using QuantMlp network = Small.Network(21);
        int[] weights = network.LinearLayers[0].IntegerWeights();
        var sums = new List<(int Neuron, int Sum)>();
        for (int x = 0; x <= 3; x++)
        {
            for (int y = 0; y <= 3; y++)
            {
                sums.AddRange(Enumerable.Range(0, 6).Select(n => (n, (weights[2 * n] * x) + (weights[(2 * n) + 1] * y))));
            }
        }

        LayerRange first = WorstCase.Of(network)[0];

        Assert.Equal(new ValueRange(sums.Min(s => s.Sum), sums.Max(s => s.Sum)), first.Accumulator);
        Assert.Equal(sums.GroupBy(s => s.Neuron).Max(g => g.Max(s => s.Sum) - g.Min(s => s.Sum) + 1), first.MaxWidth);
        Assert.Equal(weights.Chunk(2).Max(w => (w[0] * w[0]) + (w[1] * w[1])), first.MaxSquaredNorm);
    }

    [Fact]
    public void Later_layers_never_exceed_three_levels_times_their_weights()
    {
        using QuantMlp network = Small.Trained(22);
        IReadOnlyList<LayerRange> ranges = WorstCase.Of(network);

        for (int i = 1; i < ranges.Count; i++)
        {
            QuantLinear layer = network.LinearLayers[i];
            int bound = (3 * layer.IntegerWeights().Chunk(layer.InFeatures).Max(r => r.Sum(Math.Abs))) + 1;
            Assert.InRange(ranges[i].MaxWidth, 1, bound);
        }
    }
}
