using BlindGrain.Engine.Quantization;
using static TorchSharp.torch;

namespace BlindGrain.Training.Layers;

/// <summary>Quantizes what passes, with a constant scale: the quantizer of a network's input (Brevitas' layer of this name).</summary>
internal sealed class QuantIdentity : nn.Module<Tensor, Tensor>
{
    /// <summary>Creates the layer.</summary>
    public QuantIdentity(UniformQuantizer activationQuantizer)
        : base(nameof(QuantIdentity))
    {
        ActivationQuantizer = activationQuantizer;
    }

    /// <summary>How values are quantized.</summary>
    public UniformQuantizer ActivationQuantizer { get; }

    /// <summary>Whether values are rounded; if not, they are only clipped to the quantizer's range.</summary>
    public bool QuantizationEnabled { get; set; } = true;

    /// <summary>Values of any shape in, quantized values of the same shape out.</summary>
    public override Tensor forward(Tensor input) =>
        FakeQuantize.Activation(input, ActivationQuantizer, QuantizationEnabled, training);
}
