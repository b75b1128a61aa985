namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>
/// Eight lanes of f64 as one instruction set sees them. The kernels are written once over this interface and compiled once
/// for each implementation: <see cref="Avx512Simd"/>, <see cref="Avx2Simd"/>, <see cref="PortableSimd"/>.
/// </summary>
/// <typeparam name="TVector">The type that carries eight doubles.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Whether this machine can run it.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Whether sixteen vectors and their intermediate values fit the registers.</summary>
    static abstract bool FitsRegisters { get; }

    static abstract TVector Load(double* source);

    static abstract void Store(double* target, TVector value);

    static abstract TVector Broadcast(double* source);

    static abstract TVector Create(double value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a · b + c.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>a · b − c.</summary>
    static abstract TVector MultiplySubtract(TVector a, TVector b, TVector c);

    /// <summary>c − a · b.</summary>
    static abstract TVector NegateMultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>a0 b0 a2 b2 a4 b4 a6 b6.</summary>
    static abstract TVector InterleaveEven(TVector a, TVector b);

    /// <summary>a1 b1 a3 b3 a5 b5 a7 b7.</summary>
    static abstract TVector InterleaveOdd(TVector a, TVector b);

    /// <summary>With lane pairs A0..A3 of a and B0..B3 of b: A0 A2 B0 B2.</summary>
    static abstract TVector EvenPairs(TVector a, TVector b);

    /// <summary>With lane pairs A0..A3 of a and B0..B3 of b: A1 A3 B1 B3.</summary>
    static abstract TVector OddPairs(TVector a, TVector b);

    /// <summary>
    /// One signed gadget digit of ±rotated − current for eight torus words, as doubles:
    /// ((((rotated ^ negate) − negate − current) + offset) >> shift) mod 2^β − 2^(β−1).
    /// </summary>
    /// <param name="rotated">Eight words of the rotated accumulator, before the sign.</param>
    /// <param name="current">Eight words of the accumulator.</param>
    /// <param name="negate">All ones to negate the rotated words, else 0.</param>
    /// <param name="digit">The digit's constants.</param>
    static abstract TVector Digit(ulong* rotated, ulong* current, ulong negate, in DigitConstants digit);

    /// <summary>Writes eight torus words plus round(frac(value) · 2^64): a real number modulo 1 becomes a torus word.</summary>
    /// <param name="words">The words added to.</param>
    /// <param name="target">Where the sums go; may be the words.</param>
    /// <param name="value">The real numbers.</param>
    static abstract void AddToTorus(ulong* words, ulong* target, TVector value);
}

/// <summary>The constants of one digit of a signed gadget decomposition (offset form).</summary>
/// <param name="Offset">2^(63−βl) + Σ_j 2^(β−1) · 2^(64−βj): rounds, and makes every digit non-negative.</param>
/// <param name="Shift">64 − βj.</param>
/// <param name="Mask">2^β − 1.</param>
/// <param name="Bias">2^52 + 2^(β−1): what the exponent trick and the offset form add to the digit.</param>
internal readonly record struct DigitConstants(ulong Offset, int Shift, ulong Mask, double Bias)
{
    /// <summary>The exponent bits of 2^52: a word below 2^52 under them is 2^52 + word as a double.</summary>
    public const ulong ExponentOf2Pow52 = 0x4330000000000000;
}
