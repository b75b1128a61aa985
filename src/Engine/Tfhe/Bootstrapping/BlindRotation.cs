using System.Runtime.Intrinsics;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// Blind rotation of a batch: from switched masks ā and tables V to GLWE encryptions of X^(Σ ā_i·s_i)·V, whose coefficient b̄ is that of
/// X^(−idx)·V at 0, idx = b̄ − Σ ā_i·s_i. All ciphertexts of the batch take step i before any takes step i+1, so that the bootstrapping key streams
/// from memory once a batch.
/// </summary>
internal static unsafe class BlindRotation
{
    /// <summary>Rotates.</summary>
    /// <param name="accumulators">Trivial encryptions of V, one after the other; replaced by the results.</param>
    /// <param name="exponents">Per ciphertext, n mask exponents and the body's.</param>
    /// <param name="count">The number of ciphertexts.</param>
    /// <param name="key">The bootstrapping key.</param>
    /// <param name="work">Work space of one step.</param>
    /// <param name="path">The instruction set.</param>
    public static void Run(ulong* accumulators, ReadOnlySpan<int> exponents, int count, FourierBootstrapKey key, double* work, SimdPath path)
    {
        switch (path)
        {
            case SimdPath.Avx512:
                Run<Avx512Simd, Vector512<double>>(accumulators, exponents, count, key, work);
                break;
            case SimdPath.Avx2:
                Run<Avx2Simd, Vector256<double>>(accumulators, exponents, count, key, work);
                break;
            default:
                Run<PortableSimd, Vector128<double>>(accumulators, exponents, count, key, work);
                break;
        }
    }

    private static void Run<S, TVector>(ulong* accumulators, ReadOnlySpan<int> exponents, int count, FourierBootstrapKey key, double* work)
        where S : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        CmuxShape shape = key.Shape;
        int n = key.Dimension;

        // Each ciphertext of the batch prefetches its share of the next step's key.
        long share = (shape.GgswBytes + count - 1) / count;
        var spread = KeySpread.Of<S, TVector>(shape, share);
        for (int i = 0; i < n; i++)
        {
            double* ggsw = key[i];
            byte* next = i + 1 < n ? (byte*)key[i + 1] : null;
            for (int c = 0; c < count; c++)
            {
                int rotation = exponents[(c * (n + 1)) + i];
                if (rotation == 0)
                {
                    continue;
                }

                ulong* accumulator = accumulators + ((nint)c * shape.AccumulatorWords);
                CmuxKernel<S, TVector>.Step(accumulator, rotation, accumulator, accumulator, ggsw, new StepPrefetch(next, spread), shape, work);
                next += next == null ? 0 : share;
            }
        }
    }

    /// <summary>Rotates one accumulator by a ciphertext whose key switch runs beside it.</summary>
    /// <param name="accumulator">A trivial encryption of V; replaced by one of X^(Σ ā_i·s_i)·V.</param>
    /// <param name="keyswitch">The key switch, begun; ended when this returns.</param>
    /// <param name="key">The bootstrapping key.</param>
    /// <param name="work">Work space of one step.</param>
    /// <param name="path">The instruction set.</param>
    public static void Run(ulong* accumulator, StreamedKeyswitch keyswitch, FourierBootstrapKey key, double* work, SimdPath path)
    {
        switch (path)
        {
            case SimdPath.Avx512:
                Run<Avx512Simd, Vector512<double>>(accumulator, keyswitch, key, work);
                break;
            case SimdPath.Avx2:
                Run<Avx2Simd, Vector256<double>>(accumulator, keyswitch, key, work);
                break;
            default:
                Run<PortableSimd, Vector128<double>>(accumulator, keyswitch, key, work);
                break;
        }
    }

    private static void Run<S, TVector>(ulong* accumulator, StreamedKeyswitch keyswitch, FourierBootstrapKey key, double* work)
        where S : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        CmuxShape shape = key.Shape;
        int n = key.Dimension;
        var spread = KeySpread.Of<S, TVector>(shape, shape.GgswBytes);
        nint streamStep = KeySpread.Stride(keyswitch.BytesOfStep, KeySpread.EdgeRequests<S, TVector>(shape));
        for (int i = 0; i < n; i++)
        {
            byte* stream = keyswitch.Advance(i);
            int rotation = keyswitch.Exponents[i];
            if (rotation != 0)
            {
                var ahead = new StepPrefetch(i + 1 < n ? (byte*)key[i + 1] : null, spread, stream, streamStep);
                CmuxKernel<S, TVector>.Step(accumulator, rotation, accumulator, accumulator, key[i], ahead, shape, work);
            }
        }
    }

    /// <summary>Writes the trivial encryption of V. It is rotated by the body last, when a coefficient is extracted: powers of X commute.</summary>
    /// <param name="accumulator">k+1 polynomials.</param>
    /// <param name="table">N torus words.</param>
    /// <param name="shape">The dimensions.</param>
    public static void Initialize(ulong* accumulator, ReadOnlySpan<ulong> table, CmuxShape shape)
    {
        new Span<ulong>(accumulator, shape.AccumulatorWords).Clear();
        table.CopyTo(new Span<ulong>(accumulator + ((nint)(shape.Columns - 1) * shape.Stride), shape.Size));
    }

    /// <summary>Coefficient <paramref name="t"/> of X^(−b̄)·V modulo X^N + 1: V[t + b̄], negated for every wrap.</summary>
    public static ulong Rotated(ReadOnlySpan<ulong> table, int bodyExponent, int t)
    {
        int size = table.Length, from = t + bodyExponent;
        return from < size ? table[from] : from < 2 * size ? 0 - table[from - size] : table[from - (2 * size)];
    }
}
