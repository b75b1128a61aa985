using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Data;
using static TorchSharp.torch;

namespace BlindGrain.Training.Layers;

/// <summary>y = x · quantize(mask ∘ W)ᵀ + b (Brevitas' layer of this name).</summary>
internal sealed class QuantLinear : WeightLayer
{
    /// <summary>Creates the layer; weights start uniform over the quantizer's range, biases over ±1, as in the reference.</summary>
    public QuantLinear(int inFeatures, int outFeatures, UniformQuantizer weightQuantizer, SeededRandom random)
        : this(
            inFeatures,
            outFeatures,
            weightQuantizer,
            Uniform(random, weightQuantizer.Dequantize(weightQuantizer.QMax), checked(inFeatures * outFeatures)),
            Uniform(random, 1, outFeatures))
    {
    }

    /// <summary>Creates the layer with given weights ([out, in] row-major) and biases.</summary>
    /// <exception cref="ArgumentException">The arrays do not have the layer's shape.</exception>
    public QuantLinear(int inFeatures, int outFeatures, UniformQuantizer? weightQuantizer, float[] weights, float[] biases, QuantizerScale scale = QuantizerScale.Constant)
        : base(nameof(QuantLinear), [outFeatures, inFeatures], weights, biases, weightQuantizer, scale)
    {
    }

    /// <summary>The number of inputs.</summary>
    public int InFeatures => FanIn;

    /// <summary>Creates the layer as PyTorch starts one: weights and biases uniform over ±1/√in.</summary>
    public static QuantLinear Fresh(int inFeatures, int outFeatures, UniformQuantizer? weightQuantizer, QuantizerScale scale, SeededRandom random)
    {
        double limit = 1 / Math.Sqrt(inFeatures);
        return new QuantLinear(inFeatures, outFeatures, weightQuantizer, Uniform(random, limit, checked(inFeatures * outFeatures)), Uniform(random, limit, outFeatures), scale);
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor input, Tensor weight, Tensor bias) => nn.functional.linear(input, weight, bias);
}
