using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Data;
using BlindGrain.Training.Layers;
using BlindGrain.Training.Recipes;
using static TorchSharp.torch;

namespace BlindGrain.Training.Networks;

/// <summary>The networks of the recipes: weights and activations with learned steps, batch normalization before each activation (it joins the look-up), noise at look-ups.</summary>
internal static class Classifiers
{
    /// <summary>A fully connected network.</summary>
    /// <param name="first">Layers before the first weights: normalization, and the input's quantizer.</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="options">Hidden neurons, bits, noise.</param>
    /// <param name="random">The initial weights.</param>
    public static QuantSequential FullyConnected(IEnumerable<nn.Module<Tensor, Tensor>> first, int inputs, int classes, ClassifierOptions options, SeededRandom random)
    {
        var layers = new List<(string, nn.Module<Tensor, Tensor>)>(first.Select((l, i) => (l is QuantIdentity ? "input" : $"scale{i}", l)));
        int width = inputs;
        for (int i = 0; i < options.Hidden.Length; i++)
        {
            layers.Add(($"fc{i + 1}", QuantLinear.Fresh(width, options.Hidden[i], Weights(options), QuantizerScale.Learned, random)));
            layers.Add(($"noise{i + 1}", new LookUpNoise(options.Noise)));
            layers.Add(($"norm{i + 1}", nn.BatchNorm1d(options.Hidden[i])));
            layers.Add(($"relu{i + 1}", Activation(options)));
            width = options.Hidden[i];
        }

        layers.Add(($"fc{options.Hidden.Length + 1}", QuantLinear.Fresh(width, classes, Weights(options), QuantizerScale.Learned, random)));
        return new QuantSequential([inputs], layers);
    }

    /// <summary>A convolutional network: 3×3 convolutions of stride 2, each of which quarters the values, and one layer of all of them.</summary>
    /// <param name="side">The side of the square image, of one channel.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="options">Channels, bits, noise.</param>
    /// <param name="random">The initial weights.</param>
    public static QuantSequential Convolutional(int side, int classes, ClassifierOptions options, SeededRandom random)
    {
        var layers = new List<(string, nn.Module<Tensor, Tensor>)> { ("input", Input(options)) };
        int channels = 1, size = side;
        for (int i = 0; i < options.Hidden.Length; i++)
        {
            var shape = new Conv2dShape(channels, options.Hidden[i], Kernel: 3, Stride: 2, Padding: 1);
            layers.Add(($"conv{i + 1}", QuantConv2d.Fresh(shape, Weights(options), QuantizerScale.Learned, random)));
            layers.Add(($"noise{i + 1}", new LookUpNoise(options.Noise)));
            layers.Add(($"norm{i + 1}", nn.BatchNorm2d(options.Hidden[i])));
            layers.Add(($"relu{i + 1}", Activation(options)));
            channels = options.Hidden[i];
            size = (size + 1) / 2;
        }

        layers.Add(("flatten", nn.Flatten()));
        layers.Add(("fc", QuantLinear.Fresh(channels * size * size, classes, Weights(options), QuantizerScale.Learned, random)));
        return new QuantSequential([1, side, side], layers);
    }

    /// <summary>The quantizer of pixels from 0 to 1.</summary>
    public static QuantIdentity Input(ClassifierOptions options) => new(new UniformQuantizer(1f / ((1 << options.InputBits) - 1), 0, options.InputBits, signed: false, narrow: false));

    private static UniformQuantizer Weights(ClassifierOptions options) => new(0.1f, 0, options.WeightBits, signed: true, narrow: true);

    private static QuantReLU Activation(ClassifierOptions options) => new(new UniformQuantizer(0.5f, 0, options.ActivationBits, signed: false, narrow: false), QuantizerScale.Learned);
}
