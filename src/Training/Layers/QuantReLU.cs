using BlindGrain.Engine.Quantization;
using TorchSharp;
using static TorchSharp.torch;

namespace BlindGrain.Training.Layers;

/// <summary>max(x, 0), then quantized with a constant scale (Brevitas' layer of this name).</summary>
internal sealed class QuantReLU : nn.Module<Tensor, Tensor>
{
    /// <summary>Creates the layer.</summary>
    public QuantReLU(UniformQuantizer activationQuantizer)
        : base(nameof(QuantReLU))
    {
        ActivationQuantizer = activationQuantizer;
    }

    /// <summary>How activations are quantized. A signed quantizer uses its levels from 0 up only.</summary>
    public UniformQuantizer ActivationQuantizer { get; }

    /// <summary>Whether values are rounded; if not, they are only clipped to the quantizer's range.</summary>
    public bool QuantizationEnabled { get; set; } = true;

    /// <summary>Values of any shape in, quantized activations of the same shape out.</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor output = FakeQuantize.Activation(nn.functional.relu(input), ActivationQuantizer, QuantizationEnabled, training);
        return output.MoveToOuterDisposeScope();
    }
}
