using System.Runtime.CompilerServices;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// One step of a blind rotation, target = current + GGSW(s) ⊡ (X^a·source − current), for one instruction set; in the classic
/// rotation all three are the accumulator (Chillotti et al., "TFHE", section 4;
/// eprint 2018/421). Digits go straight into the transform's layout; then, one 64-point block at a time, all rows are
/// transformed, multiplied and transformed back while they are in the first-level cache, and the next GGSW is prefetched a
/// few lines at a time so that its stream never bunches up.
/// </summary>
internal static unsafe class CmuxKernel<S, TVector>
    where S : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Runs one step.</summary>
    /// <param name="source">k+1 polynomials of N words, each followed by <see cref="CmuxShape.Padding"/> spare words, which are written.</param>
    /// <param name="rotation">a, 0 to 2N.</param>
    /// <param name="current">Likewise; may be the source.</param>
    /// <param name="target">Likewise; may be either.</param>
    /// <param name="ggsw">The key's block for this step, in the order [block][v][row][column][8 re][8 im].</param>
    /// <param name="prefetch">Where the next step's key begins; null for none.</param>
    /// <param name="prefetchPerBlock">Bytes to prefetch for each 64-point block.</param>
    /// <param name="shape">Dimensions and constants.</param>
    /// <param name="work">Work space of <see cref="CmuxShape.WorkDoubles"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Step(ulong* source, int rotation, ulong* current, ulong* target, double* ggsw, byte* prefetch, int prefetchPerBlock, CmuxShape shape, double* work)
    {
        FourierPlan plan = shape.Plan;
        int size = shape.Size, rows = shape.Rows, columns = shape.Columns;
        double* sums = work + ((nint)rows * size);
        double* scratch = sums + ((nint)columns * size);
        double* scratchSums = scratch + (128 * rows);
        for (int u = 0; u < columns; u++)
        {
            ulong* rotated = source + ((nint)u * shape.Stride);
            for (int t = 0; t < CmuxShape.Padding; t++)
            {
                rotated[size + t] = 0 - rotated[t];
            }

            for (int j = 0; j < shape.Levels; j++)
            {
                double* row = work + ((nint)((u * shape.Levels) + j) * size);
                Decompose(rotated, current + ((nint)u * shape.Stride), rotation, size, shape.Log2Size, shape.Digits[j], row);
                FourierKernel<S, TVector>.ForwardPasses(row, plan);
            }
        }

        // A block's share of the next key is spread over its transforms, eight lines each, and the products take the rest.
        int lines = prefetch == null ? 0 : prefetchPerBlock / 64;
        bool spread = lines >= 8 * (rows + columns);
        int linesAVector = (spread ? lines - (8 * (rows + columns)) : lines) / 8;
        nint prefetchStep = spread ? 64 : 0;
        for (int b = 0; b < plan.Blocks; b++)
        {
            double* scalar = plan.ScalarTwiddles + (FourierPlan.ScalarStride * b);
            double* vector = plan.VectorTwiddles + (FourierPlan.VectorStride * b);
            byte* next = spread ? prefetch : (byte*)work;
            for (int r = 0; r < rows; r++, next += 8 * prefetchStep)
            {
                FourierKernel<S, TVector>.Forward64(work + ((nint)r * size) + (128 * b), scratch + (128 * r), scalar, vector, next, prefetchStep);
            }

            double* key = ggsw + ((nint)b * 128 * rows * columns);
            byte* products = spread ? next : prefetch;
            if (columns == 2)
            {
                MultiplyAccumulate2(scratch, key, rows, scratchSums, products, linesAVector);
            }
            else
            {
                MultiplyAccumulate(scratch, key, rows, columns, scratchSums, products, linesAVector);
            }

            next += spread ? 512 * linesAVector : 0;
            for (int c = 0; c < columns; c++, next += 8 * prefetchStep)
            {
                FourierKernel<S, TVector>.Inverse64(scratchSums + (128 * c), sums + ((nint)c * size) + (128 * b), scalar, vector, next, prefetchStep);
            }

            prefetch += prefetch == null ? 0 : prefetchPerBlock;
        }

        for (int c = 0; c < columns; c++)
        {
            double* column = sums + ((nint)c * size);
            FourierKernel<S, TVector>.InversePasses(column, plan);
            ulong* low = current + ((nint)c * shape.Stride);
            ulong* high = low + plan.Points;
            nint offset = (nint)(target - current);
            for (int v = 0; v < plan.Points; v += 8)
            {
                S.AddToTorus(low + v, low + v + offset, S.Load(column + (2 * v)));
                S.AddToTorus(high + v, high + v + offset, S.Load(column + (2 * v) + 8));
            }
        }
    }

    /// <summary>
    /// One digit of X^a·P − C for all coefficients, folded. A vector of eight coefficients of X^a·P lies contiguously in P at
    /// (t − a) mod N, negated where t − a wrapped once; the negated copy of the first coefficients behind the last makes a
    /// vector that straddles the end come out right with the sign of its first lane.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Decompose(ulong* rotated, ulong* current, int rotation, int size, int log2Size, in DigitConstants digit, double* target)
    {
        DigitConstants constants = digit;
        int points = size / 2, wrap = size - 1;
        for (int t = 0; t < points; t += 8)
        {
            int re = t - rotation, im = re + points;
            ulong negateRe = 0 - (ulong)((re >> log2Size) & 1);
            ulong negateIm = 0 - (ulong)((im >> log2Size) & 1);
            S.Store(target + (2 * t), S.Digit(rotated + (re & wrap), current + t, negateRe, constants));
            S.Store(target + (2 * t) + 8, S.Digit(rotated + (im & wrap), current + t + points, negateIm, constants));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyAccumulate2(double* digits, double* key, int rows, double* sums, byte* prefetch, int lines)
    {
        for (int v = 0; v < 8; v++)
        {
            for (int p = 0; p < lines; p++, prefetch += 64)
            {
                FourierKernel<S, TVector>.Prefetch(prefetch);
            }

            double* d = digits + (16 * v);
            TVector dr = S.Load(d), di = S.Load(d + 8);
            TVector k0r = S.Load(key), k0i = S.Load(key + 8), k1r = S.Load(key + 16), k1i = S.Load(key + 24);
            TVector s0r = S.NegateMultiplyAdd(di, k0i, S.Multiply(dr, k0r)), s0i = S.MultiplyAdd(di, k0r, S.Multiply(dr, k0i));
            TVector s1r = S.NegateMultiplyAdd(di, k1i, S.Multiply(dr, k1r)), s1i = S.MultiplyAdd(di, k1r, S.Multiply(dr, k1i));
            key += 32;
            for (int r = 1; r < rows; r++, key += 32)
            {
                d += 128;
                dr = S.Load(d);
                di = S.Load(d + 8);
                k0r = S.Load(key);
                k0i = S.Load(key + 8);
                k1r = S.Load(key + 16);
                k1i = S.Load(key + 24);
                s0r = S.NegateMultiplyAdd(di, k0i, S.MultiplyAdd(dr, k0r, s0r));
                s0i = S.MultiplyAdd(di, k0r, S.MultiplyAdd(dr, k0i, s0i));
                s1r = S.NegateMultiplyAdd(di, k1i, S.MultiplyAdd(dr, k1r, s1r));
                s1i = S.MultiplyAdd(di, k1r, S.MultiplyAdd(dr, k1i, s1i));
            }

            S.Store(sums + (16 * v), s0r);
            S.Store(sums + (16 * v) + 8, s0i);
            S.Store(sums + 128 + (16 * v), s1r);
            S.Store(sums + 128 + (16 * v) + 8, s1i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyAccumulate(double* digits, double* key, int rows, int columns, double* sums, byte* prefetch, int lines)
    {
        for (int v = 0; v < 8; v++, key += 16 * (nint)rows * columns)
        {
            for (int p = 0; p < lines; p++, prefetch += 64)
            {
                FourierKernel<S, TVector>.Prefetch(prefetch);
            }

            for (int c = 0; c < columns; c++)
            {
                double* d = digits + (16 * v);
                double* k = key + (16 * c);
                TVector dr = S.Load(d), di = S.Load(d + 8), kr = S.Load(k), ki = S.Load(k + 8);
                TVector sr = S.NegateMultiplyAdd(di, ki, S.Multiply(dr, kr)), si = S.MultiplyAdd(di, kr, S.Multiply(dr, ki));
                for (int r = 1; r < rows; r++)
                {
                    d += 128;
                    k += 16 * (nint)columns;
                    dr = S.Load(d);
                    di = S.Load(d + 8);
                    kr = S.Load(k);
                    ki = S.Load(k + 8);
                    sr = S.NegateMultiplyAdd(di, ki, S.MultiplyAdd(dr, kr, sr));
                    si = S.MultiplyAdd(di, kr, S.MultiplyAdd(dr, ki, si));
                }

                S.Store(sums + (128 * c) + (16 * v), sr);
                S.Store(sums + (128 * c) + (16 * v) + 8, si);
            }
        }
    }
}
