using BlindGrain.Engine.Quantization;
using TorchSharp;
using static TorchSharp.torch;

namespace BlindGrain.Training.Layers;

/// <summary>A layer that quantizes activations, with one step a tensor.</summary>
internal abstract class QuantActivation : nn.Module<Tensor, Tensor>
{
    private readonly Quantizer _quantizer;

    /// <summary>Creates the layer.</summary>
    protected QuantActivation(string name, UniformQuantizer activationQuantizer, QuantizerScale scale)
        : base(name)
    {
        _quantizer = new Quantizer(activationQuantizer, scale, clipsGradient: true);
        register_module("quantizer", _quantizer);
    }

    /// <summary>How activations are quantized now.</summary>
    public UniformQuantizer ActivationQuantizer => _quantizer.Current;

    /// <summary>Whether values are rounded. If not, they are clipped to the range of a constant quantizer, and left alone before a learned one.</summary>
    public bool QuantizationEnabled { get; set; } = true;

    /// <summary>Whether a learned step was never set to what the data suggest; <see cref="Observe"/> does so.</summary>
    public bool AwaitsStep { get; private set; }

    /// <summary>Lets the next batch choose a learned step: 2·mean|x|/√QMax (LSQ's start).</summary>
    public void Observe() => AwaitsStep = _quantizer.Kind != QuantizerScale.Constant;

    /// <summary>Applies the quantizer as the phase of training asks.</summary>
    protected Tensor Quantize(Tensor x)
    {
        if (!QuantizationEnabled)
        {
            return _quantizer.Kind == QuantizerScale.Constant ? FakeQuantize.Clip(x, _quantizer.Current) : x.alias();
        }

        if (AwaitsStep)
        {
            AwaitsStep = false;
            using DisposeScope scope = NewDisposeScope();
            float mean = x.detach().abs().mean().item<float>();
            _quantizer.Initialize(Math.Max(2 * mean / MathF.Sqrt(_quantizer.Current.QMax), 1e-4f));
        }

        return _quantizer.call(x);
    }
}
