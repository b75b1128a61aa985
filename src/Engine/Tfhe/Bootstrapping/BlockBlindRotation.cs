using System.Runtime.Intrinsics;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// Blind rotation of a batch under a block-binary key, a block of key bits a step (<see cref="BlockKernel{S, TVector}"/>); otherwise as
/// <see cref="BlindRotation"/>.
/// </summary>
internal static unsafe class BlockBlindRotation
{
    /// <summary>Rotates.</summary>
    /// <param name="accumulators">Trivial encryptions of X^(−b̄)·V, one after the other; replaced by the results.</param>
    /// <param name="exponents">Per ciphertext, n mask exponents and the body's.</param>
    /// <param name="count">The number of ciphertexts.</param>
    /// <param name="key">The bootstrapping key.</param>
    /// <param name="blockLength">The key bits of a block; n is a multiple.</param>
    /// <param name="work">Work space of one step.</param>
    /// <param name="path">The instruction set.</param>
    public static void Run(ulong* accumulators, ReadOnlySpan<int> exponents, int count, FourierBootstrapKey key, int blockLength, double* work, SimdPath path)
    {
        var monomials = MonomialTable.For(key.Shape.Size, path);
        switch (path)
        {
            case SimdPath.Avx512:
                Run<Avx512Simd, Vector512<double>>(accumulators, exponents, count, key, blockLength, monomials, work);
                break;
            case SimdPath.Avx2:
                Run<Avx2Simd, Vector256<double>>(accumulators, exponents, count, key, blockLength, monomials, work);
                break;
            default:
                Run<PortableSimd, Vector128<double>>(accumulators, exponents, count, key, blockLength, monomials, work);
                break;
        }
    }

    private static void Run<S, TVector>(ulong* accumulators, ReadOnlySpan<int> exponents, int count, FourierBootstrapKey key, int blockLength, MonomialTable monomials, double* work)
        where S : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        CmuxShape shape = key.Shape;
        int n = key.Dimension;
        long blockBytes = blockLength * shape.GgswDoubles * sizeof(double);

        // Each ciphertext of the batch prefetches its share of the next block's key.
        int share = (int)(blockBytes / shape.Plan.Blocks / count / 64 * 64);
        for (int i = 0; i < n; i += blockLength)
        {
            byte* next = i + blockLength < n ? (byte*)key[i + blockLength] : null;
            for (int c = 0; c < count; c++)
            {
                byte* prefetch = next == null ? null : next + ((long)c * share * shape.Plan.Blocks);
                ulong* accumulator = accumulators + ((nint)c * shape.AccumulatorWords);
                BlockKernel<S, TVector>.Step(accumulator, exponents.Slice((c * (n + 1)) + i, blockLength), key[i], prefetch, share, shape, monomials, work);
            }
        }
    }
}
