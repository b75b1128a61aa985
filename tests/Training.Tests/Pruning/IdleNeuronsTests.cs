using BlindGrain.Training.Data;
using BlindGrain.Training.Layers;
using BlindGrain.Training.Networks;
using BlindGrain.Training.Pruning;
using BlindGrain.Training.Recipes;
using BlindGrain.Training.Tasks;

namespace BlindGrain.Training.Tests.Pruning;

public class IdleNeuronsTests
{
    [Fact]
    public void Neurons_that_nothing_reads_go_with_those_that_only_they_read_and_classes_stay()
    {
        using QuantMlp network = Small.Network(41);
        QuantLinear second = network.LinearLayers[1], last = network.LinearLayers[2];

        // The outputs do not read hidden neuron 3 of layer 2, and only it reads neuron 5 of layer 1.
        last.Prune([.. Enumerable.Range(0, 8).Select(i => i % 4 != 3)]);
        second.Prune([.. Enumerable.Range(0, 24).Select(i => i % 6 != 5 || i / 6 == 3)]);
        (_, Dataset test) = Checkerboard.Generate(1);

        using QuantMlp smaller = IdleNeurons.Remove(network);

        Assert.True(smaller.Options.Features[1] <= 5 && smaller.Options.Features[2] <= 3, string.Join('-', smaller.Options.Features));
        Assert.Equal(network.Classify(test), smaller.Classify(test));
    }

    [Fact]
    public void A_network_whose_outputs_read_nothing_keeps_one_neuron_a_layer()
    {
        using QuantMlp network = Small.Network(42);
        network.LinearLayers[2].Prune(new bool[8]);

        using QuantMlp smaller = IdleNeurons.Remove(network);

        Assert.Equal(1, smaller.Options.Features[2]);
        Assert.Equal(CheckerboardRecipe.WeightQuantizer(0.5f), smaller.LinearLayers[0].WeightQuantizer);
    }
}
