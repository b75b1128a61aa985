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

    /// <summary>Asks for the cache line of an address ahead of its use; any address will do.</summary>
    static abstract void Prefetch(byte* address);

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
    /// The first half of the transform of what <see cref="FourierKernel{S, TVector}.ForwardPasses"/> left of 64-point blocks, in place; the blocks are one place's of several polynomials, and
    /// so share twiddles. Where registers are few, halves go through memory, and a block's second half should not follow its first at once: it would wait for it.
    /// </summary>
    /// <param name="data">The first block: eight vectors [8 re][8 im].</param>
    /// <param name="stride">Doubles from one block to the next.</param>
    /// <param name="count">The number of blocks.</param>
    /// <param name="twiddles">Their <see cref="FourierPlan.BlockTwiddles"/>.</param>
    static abstract void BeginForward64(double* data, nint stride, int count, double* twiddles);

    /// <summary>The second half. The order of a block's 64 values is the path's own.</summary>
    /// <param name="source">The first block.</param>
    /// <param name="stride">Doubles from one block to the next.</param>
    /// <param name="target">Where the first block's values go; may be the source, but not with two lanes.</param>
    /// <param name="targetStride">Doubles from there to where the next block's go.</param>
    /// <param name="count">The number of blocks.</param>
    /// <param name="twiddles">Their twiddles.</param>
    /// <param name="prefetch">The first of eight lines a block to prefetch on the way.</param>
    /// <param name="prefetchStep">Bytes from one of these lines to the next: 64, or 0 to prefetch one line only.</param>
    static abstract void EndForward64(double* source, nint stride, double* target, nint targetStride, int count, double* twiddles, byte* prefetch, nint prefetchStep);

    /// <summary>The first half of what undoes both but for a factor, in place.</summary>
    static abstract void BeginInverse64(double* data, nint stride, int count, double* twiddles);

    /// <summary>The second half.</summary>
    static abstract void EndInverse64(double* source, nint stride, double* target, nint targetStride, int count, double* twiddles, byte* prefetch, nint prefetchStep);

    /// <summary>
    /// One signed gadget digit of ±rotated − current for a register of torus words, as doubles:
    /// ((±rotated − current + offset) >> shift) mod 2^β − 2^(β−1).
    /// </summary>
    /// <param name="rotated">Words of the rotated accumulator, before the sign.</param>
    /// <param name="negate">Whether they count negatively; known when compiling.</param>
    /// <param name="current">Words of the accumulator.</param>
    /// <param name="offset">The bits of <see cref="DigitConstants.Offset"/>.</param>
    /// <param name="shift"><see cref="DigitConstants.Shift"/>.</param>
    /// <param name="top">Whether it is the most significant digit, which needs no mask; known when compiling.</param>
    /// <param name="mask">The bits of <see cref="DigitConstants.Mask"/>.</param>
    /// <param name="bias"><see cref="DigitConstants.Bias"/>.</param>
    static abstract TVector Digit(ulong* rotated, bool negate, ulong* current, TVector offset, Vector128<ulong> shift, bool top, TVector mask, TVector bias);

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
