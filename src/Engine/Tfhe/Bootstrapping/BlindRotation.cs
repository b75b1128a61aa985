using System.Runtime.Intrinsics;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// Blind rotation of a batch: from switched ciphertexts (ā, b̄) and tables V to GLWE encryptions of X^(−idx)·V with
/// idx = b̄ − Σ ā_i·s_i. All ciphertexts of the batch take step i before any takes step i+1, so that the bootstrapping key streams
/// from memory once a batch.
/// </summary>
internal static unsafe class BlindRotation
{
    /// <summary>Rotates.</summary>
    /// <param name="accumulators">Trivial encryptions of X^(−b̄)·V, one after the other; replaced by the results.</param>
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
        long ggswBytes = shape.GgswDoubles * sizeof(double);

        // Each ciphertext of the batch prefetches its share of the next step's key, in whole vectors of lines.
        int perBlock = (int)(ggswBytes / shape.Plan.Blocks);
        int share = Math.Max(512, perBlock / count / 512 * 512);
        for (int i = 0; i < n; i++)
        {
            double* ggsw = key[i];
            byte* next = i + 1 < n ? (byte*)key[i + 1] : null;
            long prefetched = 0;
            for (int c = 0; c < count; c++)
            {
                int rotation = exponents[(c * (n + 1)) + i];
                if (rotation == 0)
                {
                    continue;
                }

                byte* prefetch = next != null && prefetched + ((long)share * shape.Plan.Blocks) <= ggswBytes ? next + prefetched : null;
                ulong* accumulator = accumulators + ((nint)c * shape.AccumulatorWords);
                CmuxKernel<S, TVector>.Step(accumulator, rotation, accumulator, accumulator, ggsw, prefetch, share, shape, work);
                prefetched += (long)share * shape.Plan.Blocks;
            }
        }
    }

    /// <summary>Writes the trivial encryption of X^(−b̄)·V.</summary>
    /// <param name="accumulator">k+1 polynomials.</param>
    /// <param name="table">N torus words.</param>
    /// <param name="bodyExponent">b̄ in [0, 2N).</param>
    /// <param name="shape">The dimensions.</param>
    public static void Initialize(ulong* accumulator, ReadOnlySpan<ulong> table, int bodyExponent, CmuxShape shape)
    {
        new Span<ulong>(accumulator, shape.AccumulatorWords).Clear();
        ulong* body = accumulator + ((nint)(shape.Columns - 1) * shape.Stride);
        for (int t = 0; t < shape.Size; t++)
        {
            body[t] = Rotated(table, bodyExponent, t);
        }
    }

    /// <summary>Coefficient <paramref name="t"/> of X^(−b̄)·V modulo X^N + 1: V[t + b̄], negated for every wrap.</summary>
    public static ulong Rotated(ReadOnlySpan<ulong> table, int bodyExponent, int t)
    {
        int size = table.Length, from = t + bodyExponent;
        return from < size ? table[from] : from < 2 * size ? 0 - table[from - size] : table[from - (2 * size)];
    }
}
