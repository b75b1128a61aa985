using BlindGrain.Engine.Quantization;
using static TorchSharp.torch;

namespace BlindGrain.Training.Layers;

/// <summary>Quantizes what passes: the quantizer of a network's input (Brevitas' layer of this name).</summary>
internal sealed class QuantIdentity : QuantActivation
{
    /// <summary>Creates the layer.</summary>
    public QuantIdentity(UniformQuantizer activationQuantizer, QuantizerScale scale = QuantizerScale.Constant)
        : base(nameof(QuantIdentity), activationQuantizer, scale)
    {
    }

    /// <summary>Values of any shape in, quantized values of the same shape out.</summary>
    public override Tensor forward(Tensor input) => Quantize(input);
}
