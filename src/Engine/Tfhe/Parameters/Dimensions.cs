namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>The number of mask elements of an LWE ciphertext, 1 to 2^20.</summary>
public readonly record struct LweDimension
{
    /// <summary>Creates a dimension.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not within 1 to 2^20.</exception>
    public LweDimension(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1 << 20);
        Value = value;
    }

    /// <summary>The dimension.</summary>
    public int Value { get; }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>k, the number of mask polynomials of a GLWE ciphertext, 1 to 16.</summary>
public readonly record struct GlweDimension
{
    /// <summary>Creates a dimension.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not within 1 to 16.</exception>
    public GlweDimension(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 16);
        Value = value;
    }

    /// <summary>The dimension.</summary>
    public int Value { get; }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>N, the number of coefficients of a polynomial modulo X^N + 1: a power of two, 256 to 65536.</summary>
public readonly record struct PolynomialSize
{
    /// <summary>Creates a size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a power of two within 256 to 65536.</exception>
    public PolynomialSize(int value)
    {
        if (!System.Numerics.BitOperations.IsPow2(value) || value is < 256 or > 65536)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "A polynomial size is a power of two from 256 to 65536.");
        }

        Value = value;
    }

    /// <summary>The number of coefficients.</summary>
    public int Value { get; }

    /// <summary>log2 of the size.</summary>
    public int Log2 => System.Numerics.BitOperations.Log2((uint)Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A gadget: <paramref name="Levels"/> signed digits to the base 2^<paramref name="BaseLog"/>, most significant first.</summary>
/// <param name="BaseLog">β, 1 to 31.</param>
/// <param name="Levels">l, at least 1, with β·l at most 63.</param>
public readonly record struct Decomposition(int BaseLog, int Levels)
{
    /// <summary>The bits that the digits keep, β·l.</summary>
    public int Bits => BaseLog * Levels;

    /// <inheritdoc/>
    public override string ToString() => $"2^{BaseLog} × {Levels}";
}
