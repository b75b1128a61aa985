using BlindGrain.Training.Data;
using BlindGrain.Training.Layers;
using static TorchSharp.torch;

namespace BlindGrain.Training.Networks;

/// <summary>Fully connected networks without quantizers: Linear, ReLU, …, Linear, as PyTorch starts them.</summary>
internal static class FloatMlp
{
    /// <summary>Creates the network.</summary>
    /// <param name="features">The widths: inputs, hidden layers, classes.</param>
    /// <param name="random">The initial weights.</param>
    public static QuantSequential Create(int[] features, SeededRandom random)
    {
        var layers = new List<(string, nn.Module<Tensor, Tensor>)>();
        for (int i = 1; i < features.Length; i++)
        {
            layers.Add(($"fc{i}", QuantLinear.Fresh(features[i - 1], features[i], null, QuantizerScale.Constant, random)));
            if (i < features.Length - 1)
            {
                layers.Add(($"relu{i}", nn.ReLU()));
            }
        }

        return new QuantSequential([features[0]], layers);
    }
}
