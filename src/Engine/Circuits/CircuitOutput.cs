namespace BlindGrain.Engine.Circuits;

/// <summary>Which value leaves the circuit and how a client turns its integers into floats: x = y · scale + bias, element by element.</summary>
public sealed class CircuitOutput
{
    /// <summary>Creates an output description.</summary>
    /// <param name="value">The number of the value that leaves.</param>
    /// <param name="shape">Its shape without the batch dimension.</param>
    /// <param name="scale">One factor for all elements, or one an element.</param>
    /// <param name="bias">One summand for all elements, or one an element.</param>
    /// <param name="operation">What the client computes of the floats, or null.</param>
    /// <exception cref="ArgumentException">A length is neither 1 nor the number of elements, a factor or summand is not finite, or the operation does not fit the shape.</exception>
    public CircuitOutput(int value, int[] shape, float[] scale, float[] bias, ClientOperation? operation = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentNullException.ThrowIfNull(bias);
        int length = 1;
        foreach (int d in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(d, nameof(shape));
            length = checked(length * d);
        }

        if ((scale.Length != 1 && scale.Length != length) || (bias.Length != 1 && bias.Length != length))
        {
            throw new ArgumentException($"Scale and bias take 1 or {length} entries, not {scale.Length} and {bias.Length}.", nameof(scale));
        }

        if (!scale.All(float.IsFinite) || !bias.All(float.IsFinite))
        {
            throw new ArgumentException("The output's scale or bias is not finite.", nameof(scale));
        }

        Operation = operation;
        ResultShape = operation?.ResultShape(shape) ?? shape;
        Value = value;
        Shape = shape;
        Length = length;
        Scale = scale;
        Bias = bias;
    }

    /// <summary>The number of the value that leaves the circuit.</summary>
    public int Value { get; }

    /// <summary>The shape without the batch dimension.</summary>
    public int[] Shape { get; }

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>The factor from integers to floats, one or one an element.</summary>
    public float[] Scale { get; }

    /// <summary>The summand after the factor, one or one an element.</summary>
    public float[] Bias { get; }

    /// <summary>What the client computes of the dequantized floats, or null.</summary>
    public ClientOperation? Operation { get; }

    /// <summary>The shape of what <see cref="Finish"/> yields, without the batch dimension.</summary>
    public int[] ResultShape { get; }

    /// <summary>The model's output for one result of <see cref="Length"/> integers: dequantized, then <see cref="Operation"/>.</summary>
    /// <exception cref="ArgumentException">The result has another length.</exception>
    public float[] Finish(ReadOnlySpan<long> result)
    {
        float[] x = Dequantize(result);
        return Operation is null ? x : Operation.Apply(x, Shape);
    }

    /// <summary>Dequantizes one result of <see cref="Length"/> integers.</summary>
    /// <exception cref="ArgumentException">The result has another length.</exception>
    public float[] Dequantize(ReadOnlySpan<long> result)
    {
        if (result.Length != Length)
        {
            throw new ArgumentException($"The model yields {Length} values, not {result.Length}.", nameof(result));
        }

        var x = new float[Length];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (result[i] * Scale[Scale.Length == 1 ? 0 : i]) + Bias[Bias.Length == 1 ? 0 : i];
        }

        return x;
    }
}
