using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Layers;

namespace BlindGrain.Training.Networks;

/// <summary>
/// Exact interval arithmetic over a network's integers: every input anywhere in its quantizer's range, every hidden activation
/// anywhere in the levels that the neuron's own accumulator and bias can reach.
/// </summary>
internal static class WorstCase
{
    /// <summary>The range of each linear layer, first to last.</summary>
    public static IReadOnlyList<LayerRange> Of(QuantMlp network)
    {
        var result = new List<LayerRange>();
        UniformQuantizer source = network.Options.Input;
        var inputs = new ValueRange[network.Options.Features[0]];
        Array.Fill(inputs, new ValueRange(source.QMin, source.QMax));
        for (int i = 0; i < network.LinearLayers.Count; i++)
        {
            QuantLinear layer = network.LinearLayers[i];
            int[] weights = layer.IntegerWeights();
            ValueRange[] accumulators = Accumulators(weights, inputs);
            result.Add(Summarize($"fc{i + 1}", weights, inputs.Length, accumulators));
            if (i == network.Activations.Count)
            {
                break;
            }

            float step = layer.WeightQuantizer.Scale * source.Scale;
            source = network.Activations[i].ActivationQuantizer;
            float[] biases = layer.Biases();
            inputs = accumulators.Zip(biases, (a, b) => new ValueRange(Level(a.Min, b), Level(a.Max, b))).ToArray();

            int Level(long accumulator, float bias) => source.Quantize(MathF.Max(0, (accumulator * step) + bias));
        }

        return result;
    }

    private static ValueRange[] Accumulators(int[] weights, ValueRange[] inputs)
    {
        var ranges = new ValueRange[weights.Length / inputs.Length];
        for (int row = 0; row < ranges.Length; row++)
        {
            long min = 0, max = 0;
            for (int column = 0; column < inputs.Length; column++)
            {
                int w = weights[(row * inputs.Length) + column];
                min += w * (w > 0 ? inputs[column].Min : inputs[column].Max);
                max += w * (w > 0 ? inputs[column].Max : inputs[column].Min);
            }

            ranges[row] = new ValueRange(min, max);
        }

        return ranges;
    }

    private static LayerRange Summarize(string name, int[] weights, int columns, ValueRange[] accumulators)
    {
        int[][] rows = weights.Chunk(columns).ToArray();
        return new LayerRange(
            name,
            rows.Length,
            weights.Count(w => w != 0),
            rows.Max(r => r.Count(w => w != 0)),
            new ValueRange(accumulators.Min(a => a.Min), accumulators.Max(a => a.Max)),
            accumulators.Max(a => a.Width),
            rows.Max(r => r.Sum(w => (long)w * w)));
    }
}
