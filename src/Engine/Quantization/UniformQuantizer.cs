namespace BlindGrain.Engine.Quantization;

/// <summary>
/// A uniform quantizer, real = (q − zero-point) · scale with q an integer of <see cref="Bits"/> bits.
/// Rounding is half to even, as in ONNX and Brevitas.
/// </summary>
public sealed record UniformQuantizer
{
    /// <summary>Creates a quantizer.</summary>
    /// <param name="scale">The step, finite and positive.</param>
    /// <param name="zeroPoint">The integer that stands for zero.</param>
    /// <param name="bits">1 to 16.</param>
    /// <param name="signed">Two's complement range instead of [0, 2^bits − 1].</param>
    /// <param name="narrow">Drops one value: the lowest if signed, the highest if not (QONNX's narrow range).</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public UniformQuantizer(float scale, int zeroPoint, int bits, bool signed, bool narrow)
    {
        if (!float.IsFinite(scale) || scale <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "A scale is finite and positive.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 16);
        Scale = scale;
        ZeroPoint = zeroPoint;
        Bits = bits;
        Signed = signed;
        Narrow = narrow;
        if (QMin >= QMax)
        {
            throw new ArgumentOutOfRangeException(nameof(bits), bits, "A narrow one-bit quantizer has a single value; use two bits or drop narrow.");
        }
    }

    /// <summary>The step between two neighbouring values.</summary>
    public float Scale { get; }

    /// <summary>The integer that stands for zero.</summary>
    public int ZeroPoint { get; }

    /// <summary>The number of bits, 1 to 16.</summary>
    public int Bits { get; }

    /// <summary>Whether the integers are signed.</summary>
    public bool Signed { get; }

    /// <summary>Whether one end of the range is dropped.</summary>
    public bool Narrow { get; }

    /// <summary>The smallest integer.</summary>
    public int QMin => Signed ? -(1 << (Bits - 1)) + (Narrow ? 1 : 0) : 0;

    /// <summary>The largest integer.</summary>
    public int QMax => Signed ? (1 << (Bits - 1)) - 1 : (1 << Bits) - 1 - (Narrow ? 1 : 0);

    /// <summary>The integer nearest to <paramref name="value"/>, clamped to the range; infinities clamp, NaN is refused.</summary>
    /// <exception cref="ArgumentException">The value is NaN.</exception>
    public int Quantize(float value)
    {
        if (float.IsNaN(value))
        {
            throw new ArgumentException("Not a number cannot be quantized.", nameof(value));
        }

        float q = MathF.Round((value / Scale) + ZeroPoint, MidpointRounding.ToEven);
        return (int)Math.Clamp(q, QMin, QMax);
    }

    /// <summary>(q − zero-point) · scale.</summary>
    public float Dequantize(int q) => (q - ZeroPoint) * Scale;
}
