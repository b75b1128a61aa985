namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// Analytic times of the reference machine, one core of an AMD Zen 4 at 3.7 GHz with AVX-512. A CMUX takes
/// (k+1)(l+1)·N·log2 N + (k+1)²·l·N operations and its key's bytes once a pass. That form is within 20 % of the times measured over 24
/// shapes, k = 1 to 6, N = 256 to 8192, l = 1 and 2.
/// </summary>
internal static class ReferenceTimes
{
    /// <summary>The full batch of a key switch.</summary>
    public const int KeyswitchBatch = 8;

    /// <summary>Nanoseconds of one operation.</summary>
    private const double Operation = 0.066;

    /// <summary>Nanoseconds of reading one byte of the key.</summary>
    private const double KeyByte = 0.018;

    /// <summary>One multiply-add of a key switch: bound by the memory where a ciphertext is alone.</summary>
    public static UnitTime KeyswitchTerm { get; } = new(0.2, 0.043, 0.2, 0.043);

    /// <summary>One CMUX of k, N, l, ν.</summary>
    public static UnitTime Step(int glweDimension, int polynomialSize, int levels, int log2Extension)
    {
        double columns = glweDimension + 1, products = columns * columns * levels * polynomialSize;
        double own = ((columns * (levels + 1) * polynomialSize * Math.Log2(polynomialSize)) + products) * Operation;
        double stream = products * sizeof(double) * KeyByte;

        // The accumulators of one extended rotation share a pass; ciphertexts do not.
        double alone = own + (stream / new RotationPlan(log2Extension).StepsPerElement);
        double batched = log2Extension > 0 ? alone : own + (stream / BatchOf(polynomialSize, log2Extension));
        return new UnitTime(alone, batched, alone, batched);
    }

    /// <summary>The ciphertexts that share a pass over the bootstrapping key.</summary>
    public static int BatchOf(int polynomialSize, int log2Extension) => log2Extension > 0 ? 1 : polynomialSize switch
    {
        <= 2048 => 8,
        <= 16384 => 4,
        _ => 2,
    };
}
