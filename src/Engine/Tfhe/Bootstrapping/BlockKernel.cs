using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// One step of a blind rotation under a block-binary key (eprint 2023/958), for one instruction set. At most one s_i of a block is 1, so
/// X^(Σ a_i·s_i) = 1 + Σ s_i·(X^a_i − 1), and ACC += Σ_i (X^a_i − 1)·(GGSW(s_i) ⊡ ACC): one decomposition and one transform each way for the whole block, the
/// rotations in the Fourier domain.
/// </summary>
internal static unsafe class BlockKernel<S, TVector>
    where S : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Runs one step.</summary>
    /// <param name="accumulator">k+1 polynomials; replaced by the result.</param>
    /// <param name="exponents">a_i of the block's elements, each 0 to 2N − 1.</param>
    /// <param name="ggsws">The key of the block's elements, one after the other, each in the order that <see cref="CmuxKernel{S, TVector}"/> reads.</param>
    /// <param name="prefetch">Where the next block's key begins; null for none.</param>
    /// <param name="prefetchPerBlock">Bytes to prefetch for each 64-point block.</param>
    /// <param name="shape">Dimensions and constants.</param>
    /// <param name="monomials">The transforms of monomials.</param>
    /// <param name="work">Work space of <see cref="CmuxShape.WorkDoubles"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Step(ulong* accumulator, ReadOnlySpan<int> exponents, double* ggsws, byte* prefetch, int prefetchPerBlock, CmuxShape shape, MonomialTable monomials, double* work)
    {
        FourierPlan plan = shape.Plan;
        int size = shape.Size, rows = shape.Rows, columns = shape.Columns;
        double* scratch = work + ((nint)rows * size);
        double* scratchSums = scratch + (128 * rows);
        double* factors = stackalloc double[128];
        for (int u = 0; u < columns; u++)
        {
            for (int j = 0; j < shape.Levels; j++)
            {
                double* row = work + ((nint)((u * shape.Levels) + j) * size);
                Decompose(accumulator + ((nint)u * shape.Stride), plan.Points, shape.Digits[j], row);
                FourierKernel<S, TVector>.ForwardPasses(row, plan, (byte*)row, 0);
            }
        }

        // A block's share of the next key is spread over its transforms, eight lines each, and the products take the rest.
        int lines = prefetch == null ? 0 : prefetchPerBlock / 64;
        int linesAnElement = Math.Max(0, lines - (8 * (rows + columns))) / exponents.Length;
        nint prefetchStep = prefetch == null ? 0 : 64;
        for (int b = 0; b < plan.Blocks; b++)
        {
            double* twiddles = plan.BlockTwiddles(S.Lanes, b);
            byte* next = prefetch == null ? (byte*)work : prefetch + ((nint)b * prefetchPerBlock);
            S.BeginForward64(work + (128 * (nint)b), size, rows, twiddles);
            S.EndForward64(work + (128 * (nint)b), size, scratch, 128, rows, twiddles, next, prefetchStep);
            next += 8 * rows * prefetchStep;
            new Span<double>(scratchSums, 128 * columns).Clear();
            for (int i = 0; i < exponents.Length; i++)
            {
                // An exponent of 0 turns nothing: its factor is 0 at every point.
                if (exponents[i] != 0)
                {
                    double* key = ggsws + (i * (nint)shape.GgswDoubles) + ((nint)b * 128 * rows * columns);
                    Factors(monomials.Block(exponents[i], b), monomials.Lanes(exponents[i]), factors);
                    MultiplyAccumulate(scratch, key, factors, rows, columns, scratchSums);
                }

                for (int p = 0; p < linesAnElement; p++, next += 64)
                {
                    S.Prefetch(next);
                }
            }

            S.BeginInverse64(scratchSums, 128, columns, twiddles);
            S.EndInverse64(scratchSums, 128, work + (128 * (nint)b), size, columns, twiddles, next, prefetchStep);
        }

        for (int c = 0; c < columns; c++)
        {
            ulong* polynomial = accumulator + ((nint)c * shape.Stride);
            double* column = work + ((nint)c * size);
            FourierKernel<S, TVector>.InversePasses(column, plan, (byte*)column, 0);
            FourierKernel<S, TVector>.AddToTorus(column, plan.Points, polynomial, polynomial, (byte*)work, 0, (byte*)work, 0);
        }
    }

    /// <summary>One digit of all coefficients, folded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Decompose(ulong* polynomial, int points, in DigitConstants digit, double* target)
    {
        TVector offset = S.Create(BitConverter.UInt64BitsToDouble(digit.Offset)), mask = S.Create(BitConverter.UInt64BitsToDouble(digit.Mask)), bias = S.Create(digit.Bias);
        Vector128<ulong> shift = Vector128.CreateScalar((ulong)digit.Shift);
        ulong* zeros = stackalloc ulong[8];
        new Span<ulong>(zeros, 8).Clear();
        ulong* high = polynomial + points;
        for (int t = 0; t < points; t += S.Lanes)
        {
            double* at = target + FourierKernel<S, TVector>.Place(t);
            S.Store(at, S.Digit(polynomial + t, false, zeros, offset, shift, false, mask, bias));
            S.Store(at + 8, S.Digit(high + t, false, zeros, offset, shift, false, mask, bias));
        }
    }

    /// <summary>X^a − 1 at the 64 points of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Factors(double* block, double* lanes, double* factors)
    {
        TVector er = S.Broadcast(block), ei = S.Broadcast(block + 1), one = S.Create(1);
        for (int v = 0; v < 128; v += 16)
        {
            for (int h = 0; h < 8; h += S.Lanes)
            {
                TVector pr = S.Load(lanes + v + h), pi = S.Load(lanes + v + h + 8);
                S.Store(factors + v + h, S.NegateMultiplyAdd(ei, pi, S.MultiplySubtract(er, pr, one)));
                S.Store(factors + v + h + 8, S.MultiplyAdd(er, pi, S.Multiply(ei, pr)));
            }
        }
    }

    /// <summary>sums += factors · Σ_r digits_r · key_r, for the 64 points of each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyAccumulate(double* digits, double* key, double* factors, int rows, int columns, double* sums)
    {
        for (int v = 0; v < 128; v += 16, key += 16 * (nint)rows * columns)
        {
            for (int h = 0; h < 8; h += S.Lanes)
            {
                for (int c = 0; c < columns; c++)
                {
                    Products(digits + v + h, key + (16 * c) + h, factors + v + h, rows, columns, sums + (128 * c) + v + h);
                }
            }
        }
    }

    /// <summary>One register of points of one column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products(double* digits, double* key, double* factors, int rows, int columns, double* sums)
    {
        TVector dr = S.Load(digits), di = S.Load(digits + 8), kr = S.Load(key), ki = S.Load(key + 8);
        TVector sr = S.NegateMultiplyAdd(di, ki, S.Multiply(dr, kr)), si = S.MultiplyAdd(di, kr, S.Multiply(dr, ki));
        for (int r = 1; r < rows; r++)
        {
            digits += 128;
            key += 16 * (nint)columns;
            dr = S.Load(digits);
            di = S.Load(digits + 8);
            kr = S.Load(key);
            ki = S.Load(key + 8);
            sr = S.NegateMultiplyAdd(di, ki, S.MultiplyAdd(dr, kr, sr));
            si = S.MultiplyAdd(di, kr, S.MultiplyAdd(dr, ki, si));
        }

        TVector fr = S.Load(factors), fi = S.Load(factors + 8);
        S.Store(sums, S.NegateMultiplyAdd(fi, si, S.MultiplyAdd(fr, sr, S.Load(sums))));
        S.Store(sums + 8, S.MultiplyAdd(fi, sr, S.MultiplyAdd(fr, si, S.Load(sums + 8))));
    }
}
