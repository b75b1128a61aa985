using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Data;
using static TorchSharp.torch;

namespace BlindGrain.Training.Layers;

/// <summary>A convolution over [batch, channels, height, width] with quantized weights (Brevitas' layer of this name); padding is by zeros.</summary>
internal sealed class QuantConv2d : WeightLayer
{
    /// <summary>Creates the layer with given weights ([out, in / groups, kernel, kernel] row-major) and biases.</summary>
    /// <exception cref="ArgumentException">The arrays do not have the layer's shape, or groups do not divide the channels.</exception>
    public QuantConv2d(Conv2dShape shape, UniformQuantizer? weightQuantizer, QuantizerScale scale, float[] weights, float[] biases)
        : base(nameof(QuantConv2d), [shape.OutChannels, shape.InChannels / shape.Groups, shape.Kernel, shape.Kernel], weights, biases, weightQuantizer, scale)
    {
        if (shape.InChannels % shape.Groups != 0 || shape.OutChannels % shape.Groups != 0)
        {
            throw new ArgumentException($"{shape.Groups} groups do not divide {shape.InChannels} input and {shape.OutChannels} output channels.", nameof(shape));
        }

        Shape = shape;
    }

    /// <summary>Channels, kernel, stride, padding, groups.</summary>
    public Conv2dShape Shape { get; }

    /// <summary>Creates the layer as PyTorch starts one: weights and biases uniform over ±1/√fan-in.</summary>
    public static QuantConv2d Fresh(Conv2dShape shape, UniformQuantizer? weightQuantizer, QuantizerScale scale, SeededRandom random)
    {
        int fanIn = shape.InChannels / shape.Groups * shape.Kernel * shape.Kernel;
        double limit = 1 / Math.Sqrt(fanIn);
        return new QuantConv2d(shape, weightQuantizer, scale, Uniform(random, limit, checked(fanIn * shape.OutChannels)), Uniform(random, limit, shape.OutChannels));
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor input, Tensor weight, Tensor bias) =>
        nn.functional.conv2d(input, weight, bias, [Shape.Stride, Shape.Stride], [Shape.Padding, Shape.Padding], [1, 1], Shape.Groups);
}
