using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BlindGrain.Training.Layers;

/// <summary>
/// A layer with weights, a bias a neuron (or output channel), a pruning mask, and a quantizer of the weights or none, which leaves it a float layer. Biases
/// are not quantized: the compiler folds them into the look-up that follows, or hands them to the client after the last layer.
/// </summary>
internal abstract class WeightLayer : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly Tensor _mask;
    private readonly long[] _shape;
    private readonly Quantizer? _quantizer;

    /// <summary>Creates the layer.</summary>
    /// <param name="name">The layer's kind.</param>
    /// <param name="shape">The weights' shape; the first axis is that of the neurons.</param>
    /// <param name="weights">The weights, row-major.</param>
    /// <param name="biases">One a neuron.</param>
    /// <param name="weightQuantizer">How weights are quantized; null for float weights.</param>
    /// <param name="scale">Where the weights' step comes from.</param>
    /// <exception cref="ArgumentException">The arrays do not have the layer's shape.</exception>
    protected WeightLayer(string name, long[] shape, float[] weights, float[] biases, UniformQuantizer? weightQuantizer, QuantizerScale scale)
        : base(name)
    {
        foreach (long size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, nameof(shape));
        }

        long length = shape.Aggregate(1L, (a, b) => a * b);
        if (weights.Length != length || biases.Length != shape[0])
        {
            throw new ArgumentException($"A {string.Join('×', shape)} layer has {length} weights and {shape[0]} biases, not {weights.Length} and {biases.Length}.", nameof(weights));
        }

        _shape = shape;
        _weight = new Parameter(tensor(weights, shape));
        _bias = new Parameter(tensor(biases));
        _mask = ones(shape);
        _quantizer = weightQuantizer is null ? null : new Quantizer(weightQuantizer, scale, clipsGradient: false);
        RegisterComponents();
    }

    /// <summary>The number of neurons, or output channels.</summary>
    public int OutFeatures => (int)_shape[0];

    /// <summary>The number of weights of one neuron.</summary>
    public int FanIn => (int)(_shape.Aggregate(1L, (a, b) => a * b) / _shape[0]);

    /// <summary>The shape of the weights.</summary>
    public IReadOnlyList<long> WeightShape => _shape;

    /// <summary>Whether the layer has a quantizer of weights at all.</summary>
    public bool HasQuantizer => _quantizer is not null;

    /// <summary>How weights are quantized.</summary>
    /// <exception cref="InvalidOperationException">It is a float layer.</exception>
    public UniformQuantizer WeightQuantizer => _quantizer?.Current ?? throw new InvalidOperationException("A float layer has no quantizer of weights.");

    /// <summary>Whether weights are quantized, where there is a quantizer.</summary>
    public bool QuantizationEnabled { get; set; } = true;

    /// <summary>The float weights with pruned ones at zero, row-major, a neuron after the other.</summary>
    public float[] Weights()
    {
        using DisposeScope scope = NewDisposeScope();
        return (_weight.detach() * _mask).data<float>().ToArray();
    }

    /// <summary>The integer weights, row-major.</summary>
    public int[] IntegerWeights()
    {
        UniformQuantizer quantizer = WeightQuantizer;
        return Array.ConvertAll(Weights(), quantizer.Quantize);
    }

    /// <summary>The biases, one a neuron.</summary>
    public float[] Biases() => _bias.detach().data<float>().ToArray();

    /// <summary>Replaces the weights, row-major; pruned ones stay zero.</summary>
    /// <exception cref="ArgumentException">The array has another length.</exception>
    public void SetWeights(float[] weights)
    {
        if (weights.Length != OutFeatures * FanIn)
        {
            throw new ArgumentException($"The layer has {OutFeatures * FanIn} weights, not {weights.Length}.", nameof(weights));
        }

        using (no_grad())
        using (DisposeScope scope = NewDisposeScope())
        {
            _ = _weight.copy_(tensor(weights, _shape));
        }
    }

    /// <summary>Keeps only the weights that <paramref name="keep"/> (row-major) marks, from now on: gradients of the others are zero.</summary>
    /// <exception cref="ArgumentException">The mask has another length.</exception>
    public void Prune(bool[] keep)
    {
        if (keep.Length != OutFeatures * FanIn)
        {
            throw new ArgumentException($"The mask of a {OutFeatures}×{FanIn} layer has {OutFeatures * FanIn} entries, not {keep.Length}.", nameof(keep));
        }

        using DisposeScope scope = NewDisposeScope();
        _ = _mask.mul_(tensor(Array.ConvertAll(keep, k => k ? 1f : 0f), _shape));
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

    /// <summary>Sets a learned step to 2·mean|w|/√QMax over the weights that were not pruned (LSQ's start); a constant one stays.</summary>
    public void InitializeStep()
    {
        float[] kept = [.. Weights().Where(w => w != 0)];
        if (kept.Length > 0)
        {
            _quantizer?.Initialize(Math.Max(2 * kept.Average(MathF.Abs) / MathF.Sqrt(WeightQuantizer.QMax), 1e-4f));
        }
    }

    /// <summary>Σ |w| of each neuron in units of the weight step, differentiable: [out].</summary>
    public Tensor WeightNorms() => (_weight * _mask).abs().flatten(1).sum(1).div(WeightQuantizer.Scale);

    /// <summary>The largest Σ |q| of a neuron's integer weights.</summary>
    public int LargestIntegerNorm()
    {
        UniformQuantizer quantizer = WeightQuantizer;
        using DisposeScope scope = NewDisposeScope();
        Tensor integers = (_weight.detach() * _mask).div(quantizer.Scale).round().clamp(quantizer.QMin, quantizer.QMax);
        return (int)integers.abs().flatten(1).sum(1).max().item<float>();
    }

    /// <summary>[batch, …] to [batch, …].</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor masked = _weight * _mask;
        Tensor used = _quantizer is not null && QuantizationEnabled ? _quantizer.call(masked) : masked;
        return Apply(input, used, _bias).MoveToOuterDisposeScope();
    }

    /// <summary>The linear map.</summary>
    protected abstract Tensor Apply(Tensor input, Tensor weight, Tensor bias);

    /// <summary>Uniform random numbers over ±<paramref name="limit"/>.</summary>
    protected static float[] Uniform(SeededRandom random, double limit, int count)
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
