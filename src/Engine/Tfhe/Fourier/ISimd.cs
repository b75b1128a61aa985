using System.Runtime.Intrinsics;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>
/// One register of f64 lanes as one instruction set sees it. The kernels are written once over this interface and compiled once
/// for each implementation: <see cref="Avx512Simd"/>, <see cref="Avx2Simd"/>, <see cref="PortableSimd"/>.
/// </summary>
/// <typeparam name="TVector">The register's type.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Whether this machine can run it.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Doubles in a register: 8, 4 or 2. Data is laid out in eights whatever it is.</summary>
    static abstract int Lanes { get; }

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

    /// <summary>
    /// Transforms one 64-point block modulo X^64 − w to its 64 values: radix 8 across vectors with one twiddle a vector, an
    /// 8×8 transpose, radix 8 with one twiddle a lane. Value (lane s, vector t) is that of the root child t of child s.
    /// </summary>
    /// <param name="source">Eight vectors [8 re][8 im]; may be overwritten.</param>
    /// <param name="target">Likewise; another place, though with eight lanes it may be the source.</param>
    /// <param name="scalar">u^1 to u^7 as (re, im), u = w^(1/8).</param>
    /// <param name="vector">u_s^1 to u_s^7 as [8 re][8 im], lane s for child s.</param>
    /// <param name="prefetch">The first of eight lines to prefetch on the way.</param>
    /// <param name="prefetchStep">Bytes from one of these lines to the next: 64, or 0 to prefetch one line only.</param>
    static abstract void Forward64(double* source, double* target, double* scalar, double* vector, byte* prefetch, nint prefetchStep);

    /// <summary>Undoes <see cref="Forward64"/> but for a factor of 64.</summary>
    static abstract void Inverse64(double* source, double* target, double* scalar, double* vector, byte* prefetch, nint prefetchStep);

    /// <summary>
    /// One signed gadget digit of ±rotated − current for a register of torus words, as doubles:
    /// (((rotated ^ sign) − current + offset) >> shift) mod 2^β − 2^(β−1).
    /// </summary>
    /// <param name="rotated">Words of the rotated accumulator, before the sign.</param>
    /// <param name="current">Words of the accumulator.</param>
    /// <param name="sign">All bits to negate the rotated words, else none.</param>
    /// <param name="offset">The bits of <see cref="DigitConstants.Offset"/>, plus 1 to negate.</param>
    /// <param name="shift"><see cref="DigitConstants.Shift"/>.</param>
    /// <param name="mask">The bits of <see cref="DigitConstants.Mask"/>.</param>
    /// <param name="bias"><see cref="DigitConstants.Bias"/>.</param>
    static abstract TVector Digit(ulong* rotated, ulong* current, TVector sign, TVector offset, Vector128<ulong> shift, TVector mask, TVector bias);

    /// <summary>Writes torus words plus round(frac(value) · 2^64): a real number modulo 1 becomes a torus word.</summary>
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
