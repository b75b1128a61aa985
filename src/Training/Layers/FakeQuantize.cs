using BlindGrain.Engine.Quantization;
using TorchSharp;
using static TorchSharp.torch;

namespace BlindGrain.Training.Layers;

/// <summary>
/// Quantize and dequantize at once: clamp(round(x / scale), qmin, qmax) · scale, rounding half to even, zero-point 0. Its derivative
/// is zero almost everywhere, so training uses the straight-through estimator (Bengio, Léonard and Courville, 2013).
/// </summary>
internal static class FakeQuantize
{
    /// <summary>The quantized values, without a gradient.</summary>
    public static Tensor Apply(Tensor x, UniformQuantizer quantizer)
    {
        if (quantizer.ZeroPoint != 0)
        {
            throw new ArgumentException($"Training quantizers have zero-point 0, not {quantizer.ZeroPoint}.", nameof(quantizer));
        }

        using DisposeScope scope = NewDisposeScope();
        return x.detach().div(quantizer.Scale).round().clamp(quantizer.QMin, quantizer.QMax).mul(quantizer.Scale).MoveToOuterDisposeScope();
    }

    /// <summary>Quantized forwards, the identity backwards, also where values are clipped: for weights, which must be able to return.</summary>
    public static Tensor StraightThrough(Tensor x, UniformQuantizer quantizer)
    {
        using DisposeScope scope = NewDisposeScope();
        return (x + (Apply(x, quantizer) - x.detach())).MoveToOuterDisposeScope();
    }

    /// <summary>Quantized forwards; backwards the identity inside the range and zero where values are clipped: for activations.</summary>
    public static Tensor ClippedStraightThrough(Tensor x, UniformQuantizer quantizer)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor clipped = Clip(x, quantizer);
        return (clipped + (Apply(x, quantizer) - clipped.detach())).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Quantized with a step that is a tensor and learns: backwards, values pass straight through inside the range, and the step gets round(x/s) − x/s there and
    /// the range's end where values are clipped (LSQ, equation 3).
    /// </summary>
    public static Tensor WithStep(Tensor x, Tensor step, UniformQuantizer quantizer)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor clipped = x.div(step).clamp(quantizer.QMin, quantizer.QMax);
        Tensor rounded = clipped + (clipped.round() - clipped).detach();
        return rounded.mul(step).MoveToOuterDisposeScope();
    }

    /// <summary>Only the clipping of a quantizer, without the rounding: what activations do while a network still learns in float.</summary>
    public static Tensor Clip(Tensor x, UniformQuantizer quantizer) =>
        x.clamp(quantizer.Dequantize(quantizer.QMin), quantizer.Dequantize(quantizer.QMax));
}
