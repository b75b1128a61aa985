using BlindGrain.Training.Layers;
using BlindGrain.Training.Networks;

namespace BlindGrain.Training.Pruning;

/// <summary>
/// Removes hidden neurons that no output depends on: weights that prune or quantize to zero often leave neurons that nothing
/// reads. Every class stays as it was, and each removed neuron saves a bootstrap.
/// </summary>
internal static class IdleNeurons
{
    /// <summary>A smaller network of the same function; hidden layers keep at least one neuron.</summary>
    public static QuantMlp Remove(QuantMlp network)
    {
        int count = network.LinearLayers.Count;
        var kept = new int[count + 1][];
        kept[count] = Enumerable.Range(0, network.Options.Features[^1]).ToArray();
        for (int i = count - 1; i > 0; i--)
        {
            kept[i] = ReadBy(network.LinearLayers[i], kept[i + 1]);
        }

        kept[0] = Enumerable.Range(0, network.Options.Features[0]).ToArray();
        return new QuantMlp(
            network.Options with { Features = [.. kept.Select(k => k.Length)] },
            i => Select(network.LinearLayers[i], kept[i], kept[i + 1]));
    }

    private static int[] ReadBy(QuantLinear layer, int[] rows)
    {
        int[] weights = layer.IntegerWeights();
        int[] read = [.. Enumerable.Range(0, layer.InFeatures).Where(c => rows.Any(r => weights[(r * layer.InFeatures) + c] != 0))];
        return read.Length == 0 ? [0] : read;
    }

    private static QuantLinear Select(QuantLinear layer, int[] columns, int[] rows)
    {
        float[] weights = layer.Weights();
        float[] biases = layer.Biases();
        return new QuantLinear(
            columns.Length,
            rows.Length,
            layer.WeightQuantizer,
            [.. rows.SelectMany(r => columns.Select(c => weights[(r * layer.InFeatures) + c]))],
            [.. rows.Select(r => biases[r])]);
    }
}
