using BlindGrain.Engine.Quantization;

namespace BlindGrain.Engine.Circuits;

/// <summary>How a client turns its floats into the circuit's input integers: q = quantize(x · multiplier + offset), element by element.</summary>
public sealed class CircuitInput
{
    /// <summary>The most elements an input may have.</summary>
    public const int MaxLength = 1 << 22;

    /// <summary>Creates an input description.</summary>
    /// <param name="shape">The tensor's shape without the batch dimension, row-major.</param>
    /// <param name="quantizer">The quantizer of the (pre-scaled) floats.</param>
    /// <param name="multiplier">One factor for all elements, or one an element; [1] where there is no pre-scaling.</param>
    /// <param name="offset">One summand for all elements, or one an element; [0] where there is none.</param>
    /// <exception cref="ArgumentException">A length is neither 1 nor the number of elements, a factor or summand is not finite, or there are too many elements.</exception>
    public CircuitInput(int[] shape, UniformQuantizer quantizer, float[] multiplier, float[] offset)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(quantizer);
        ArgumentNullException.ThrowIfNull(multiplier);
        ArgumentNullException.ThrowIfNull(offset);
        int length = 1;
        foreach (int d in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(d, nameof(shape));
            length = checked(length * d);
        }

        if (length > MaxLength)
        {
            throw new ArgumentException($"An input of shape {string.Join('×', shape)} has {length} values; at most {MaxLength} are supported.", nameof(shape));
        }

        if ((multiplier.Length != 1 && multiplier.Length != length) || (offset.Length != 1 && offset.Length != length))
        {
            throw new ArgumentException($"Multiplier and offset take 1 or {length} entries, not {multiplier.Length} and {offset.Length}.", nameof(multiplier));
        }

        if (!multiplier.All(float.IsFinite) || !offset.All(float.IsFinite))
        {
            throw new ArgumentException("The input's multiplier or offset is not finite.", nameof(multiplier));
        }

        Shape = shape;
        Length = length;
        Quantizer = quantizer;
        Multiplier = multiplier;
        Offset = offset;
    }

    /// <summary>The tensor's shape without the batch dimension.</summary>
    public int[] Shape { get; }

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>The quantizer of the pre-scaled floats.</summary>
    public UniformQuantizer Quantizer { get; }

    /// <summary>The factor of the pre-scaling, one or one an element.</summary>
    public float[] Multiplier { get; }

    /// <summary>The summand of the pre-scaling, one or one an element.</summary>
    public float[] Offset { get; }

    /// <summary>The integers that the quantizer can yield.</summary>
    public ValueRange Range => new(Quantizer.QMin, Quantizer.QMax);

    /// <summary>Quantizes one sample of <see cref="Length"/> floats.</summary>
    /// <exception cref="ArgumentException">The sample has another length or holds a NaN.</exception>
    public int[] Quantize(ReadOnlySpan<float> sample)
    {
        if (sample.Length != Length)
        {
            throw new ArgumentException($"The model takes {Length} values ({string.Join('×', Shape)}), not {sample.Length}.", nameof(sample));
        }

        var q = new int[Length];
        for (int i = 0; i < q.Length; i++)
        {
            if (float.IsNaN(sample[i]))
            {
                throw new ArgumentException($"Value {i} of the sample is not a number.", nameof(sample));
            }

            q[i] = Quantizer.Quantize((sample[i] * Multiplier[Multiplier.Length == 1 ? 0 : i]) + Offset[Offset.Length == 1 ? 0 : i]);
        }

        return q;
    }
}
