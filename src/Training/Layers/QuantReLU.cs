using BlindGrain.Engine.Quantization;
using TorchSharp;
using static TorchSharp.torch;

namespace BlindGrain.Training.Layers;

/// <summary>max(x, 0), then quantized (Brevitas' layer of this name). A signed quantizer uses its levels from 0 up only.</summary>
internal sealed class QuantReLU : QuantActivation
{
    /// <summary>Creates the layer.</summary>
    public QuantReLU(UniformQuantizer activationQuantizer, QuantizerScale scale = QuantizerScale.Constant)
        : base(nameof(QuantReLU), activationQuantizer, scale)
    {
    }

    /// <summary>Values of any shape in, quantized activations of the same shape out.</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return Quantize(nn.functional.relu(input)).MoveToOuterDisposeScope();
    }
}
