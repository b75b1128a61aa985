using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BlindGrain.Training.Layers;

/// <summary>
/// y = x · quantize(mask ∘ W)ᵀ + b with a constant weight scale (Brevitas' layer of this name). The bias is not quantized:
/// the compiler folds it into the look-up that follows, or hands it to the client after the last layer.
/// </summary>
internal sealed class QuantLinear : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly Tensor _mask;

    /// <summary>Creates the layer; weights start uniform over the quantizer's range, biases over ±1.</summary>
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
    public QuantLinear(int inFeatures, int outFeatures, UniformQuantizer weightQuantizer, float[] weights, float[] biases)
        : base(nameof(QuantLinear))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inFeatures);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outFeatures);
        if (weights.Length != inFeatures * outFeatures || biases.Length != outFeatures)
        {
            throw new ArgumentException($"A {outFeatures}×{inFeatures} layer has {inFeatures * outFeatures} weights and {outFeatures} biases, not {weights.Length} and {biases.Length}.", nameof(weights));
        }

        InFeatures = inFeatures;
        OutFeatures = outFeatures;
        WeightQuantizer = weightQuantizer;
        _weight = new Parameter(tensor(weights, outFeatures, inFeatures));
        _bias = new Parameter(tensor(biases));
        _mask = ones(outFeatures, inFeatures);
        RegisterComponents();
    }

    /// <summary>The number of inputs.</summary>
    public int InFeatures { get; }

    /// <summary>The number of neurons.</summary>
    public int OutFeatures { get; }

    /// <summary>How weights are quantized.</summary>
    public UniformQuantizer WeightQuantizer { get; }

    /// <summary>Whether weights are quantized.</summary>
    public bool QuantizationEnabled { get; set; } = true;

    /// <summary>The float weights with pruned ones at zero, [out, in] row-major.</summary>
    public float[] Weights()
    {
        using DisposeScope scope = NewDisposeScope();
        return (_weight.detach() * _mask).data<float>().ToArray();
    }

    /// <summary>The integer weights, [out, in] row-major.</summary>
    public int[] IntegerWeights() => Array.ConvertAll(Weights(), WeightQuantizer.Quantize);

    /// <summary>The biases, one a neuron.</summary>
    public float[] Biases() => _bias.detach().data<float>().ToArray();

    /// <summary>Keeps only the weights that <paramref name="keep"/> ([out, in] row-major) marks, from now on: gradients of the others are zero.</summary>
    /// <exception cref="ArgumentException">The mask has another length.</exception>
    public void Prune(bool[] keep)
    {
        if (keep.Length != InFeatures * OutFeatures)
        {
            throw new ArgumentException($"The mask of a {OutFeatures}×{InFeatures} layer has {InFeatures * OutFeatures} entries, not {keep.Length}.", nameof(keep));
        }

        using DisposeScope scope = NewDisposeScope();
        _ = _mask.mul_(tensor(Array.ConvertAll(keep, k => k ? 1f : 0f), OutFeatures, InFeatures));
    }

    /// <summary>Sets the pruned weights themselves to zero and drops the mask (torch.nn.utils.prune.remove).</summary>
    public void MakePruningPermanent()
    {
        using (no_grad())
        using (DisposeScope scope = NewDisposeScope())
        {
            _ = _weight.mul_(_mask);
            _ = _mask.fill_(1f);
        }
    }

    /// <summary>Σ |w| of each neuron in units of the weight step, differentiable: [out].</summary>
    public Tensor WeightNorms() => (_weight * _mask).abs().sum(1).div(WeightQuantizer.Scale);

    /// <summary>[batch, in] to [batch, out].</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor masked = _weight * _mask;
        Tensor used = (QuantizationEnabled, training) switch
        {
            (false, _) => masked,
            (true, true) => FakeQuantize.StraightThrough(masked, WeightQuantizer),
            (true, false) => FakeQuantize.Apply(masked, WeightQuantizer),
        };
        return nn.functional.linear(input, used, _bias).MoveToOuterDisposeScope();
    }

    private static float[] Uniform(SeededRandom random, double limit, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var values = new float[count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextUniform(-limit, limit);
        }

        return values;
    }
}
