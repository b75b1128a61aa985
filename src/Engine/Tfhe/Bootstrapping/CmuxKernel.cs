using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
    /// <param name="stream">What else is needed soon, <see cref="CmuxShape.StreamBytes"/> of it: prefetched where the key is not, in the digits and the rounding; null for nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Step(ulong* source, int rotation, ulong* current, ulong* target, double* ggsw, byte* prefetch, int prefetchPerBlock, CmuxShape shape, double* work, byte* stream = null)
    {
        nint streamStep = stream == null ? 0 : 8 * S.Lanes;
        stream = stream == null ? (byte*)work : stream;
        FourierPlan plan = shape.Plan;
        int size = shape.Size, rows = shape.Rows, columns = shape.Columns;
        double* scratch = work + ((nint)rows * size);
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
                Decompose(rotated, current + ((nint)u * shape.Stride), rotation, size, shape.Digits[j], row, stream, streamStep);
                stream += streamStep * plan.Points / S.Lanes;
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
            double* twiddles = plan.BlockTwiddles(S.Lanes, b);
            byte* next = spread ? prefetch : (byte*)work;
            S.BeginForward64(work + (128 * (nint)b), size, rows, twiddles);
            S.EndForward64(work + (128 * (nint)b), size, scratch, 128, rows, twiddles, next, prefetchStep);
            next += 8 * rows * prefetchStep;
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
            S.BeginInverse64(scratchSums, 128, columns, twiddles);
            S.EndInverse64(scratchSums, 128, work + (128 * (nint)b), size, columns, twiddles, next, prefetchStep);
            prefetch += prefetch == null ? 0 : prefetchPerBlock;
        }

        for (int c = 0; c < columns; c++)
        {
            ulong* words = current + ((nint)c * shape.Stride);
            double* column = work + ((nint)c * size);
            FourierKernel<S, TVector>.InversePasses(column, plan);
            FourierKernel<S, TVector>.AddToTorus(column, plan.Points, words, target + ((nint)c * shape.Stride), stream, streamStep);
            stream += streamStep * plan.Points / S.Lanes;
        }
    }

    /// <summary>
    /// One digit of X^a·P − C for all coefficients, folded. A register of coefficients of X^a·P lies contiguously in P at
    /// (t − a) mod N, negated where t − a wrapped once; the negated copy of the first coefficients behind the last makes a
    /// register that straddles the end come out right with the sign of its first lane. So there are two segments of constant
    /// signs: with a mod N below N/2 the real half's sign changes within, else the imaginary half's.
    /// </summary>
    public static void Decompose(ulong* rotated, ulong* current, int rotation, int size, in DigitConstants digit, double* target, byte* stream, nint streamStep)
    {
        int points = size / 2, a = rotation & (size - 1);
        bool negate = ((rotation / size) & 1) != 0, late = a >= points;
        int split = ((a & (points - 1)) + S.Lanes - 1) & -S.Lanes;
        DecomposeSegment(rotated + size - a, !negate, rotated + points - a + (late ? size : 0), late != negate, current, 0, split, points, digit, target, stream, streamStep);
        DecomposeSegment(rotated - a + (late ? size : 0), late != negate, rotated + points - a, negate, current, split, points, points, digit, target, stream + (streamStep * split / S.Lanes), streamStep);
    }

    /// <summary>Coefficients [first, end) of each half: the halves of ±X^a·P begin at <paramref name="re"/> and <paramref name="im"/>.</summary>
    private static void DecomposeSegment(ulong* re, bool negateRe, ulong* im, bool negateIm, ulong* current, int first, int end, int points, in DigitConstants digit, double* target, byte* stream, nint streamStep)
    {
        bool top = digit.Mask == ulong.MaxValue >> digit.Shift;
        switch ((negateRe ? 4 : 0) + (negateIm ? 2 : 0) + (top ? 1 : 0))
        {
            case 0:
                DecomposeLoop<No, No, No>(re, im, current, first, end, points, digit, target, stream, streamStep);
                break;
            case 1:
                DecomposeLoop<No, No, Yes>(re, im, current, first, end, points, digit, target, stream, streamStep);
                break;
            case 2:
                DecomposeLoop<No, Yes, No>(re, im, current, first, end, points, digit, target, stream, streamStep);
                break;
            case 3:
                DecomposeLoop<No, Yes, Yes>(re, im, current, first, end, points, digit, target, stream, streamStep);
                break;
            case 4:
                DecomposeLoop<Yes, No, No>(re, im, current, first, end, points, digit, target, stream, streamStep);
                break;
            case 5:
                DecomposeLoop<Yes, No, Yes>(re, im, current, first, end, points, digit, target, stream, streamStep);
                break;
            case 6:
                DecomposeLoop<Yes, Yes, No>(re, im, current, first, end, points, digit, target, stream, streamStep);
                break;
            default:
                DecomposeLoop<Yes, Yes, Yes>(re, im, current, first, end, points, digit, target, stream, streamStep);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DecomposeLoop<TNegateRe, TNegateIm, TTop>(ulong* re, ulong* im, ulong* current, int first, int end, int points, in DigitConstants digit, double* target, byte* stream, nint streamStep)
        where TNegateRe : struct, IChoice
        where TNegateIm : struct, IChoice
        where TTop : struct, IChoice
    {
        TVector offset = S.Create(BitConverter.UInt64BitsToDouble(digit.Offset)), mask = S.Create(BitConverter.UInt64BitsToDouble(digit.Mask)), bias = S.Create(digit.Bias);
        Vector128<ulong> shift = Vector128.CreateScalar((ulong)digit.Shift);
        ulong* currentIm = current + points;
        for (int t = first; t < end; t += S.Lanes, stream += streamStep)
        {
            KeyPrefetch.Line(stream);
            double* at = target + FourierKernel<S, TVector>.Place(t);
            S.Store(at, S.Digit(re + t, TNegateRe.Value, current + t, offset, shift, TTop.Value, mask, bias));
            S.Store(at + 8, S.Digit(im + t, TNegateIm.Value, currentIm + t, offset, shift, TTop.Value, mask, bias));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyAccumulate2(double* digits, double* key, int rows, double* sums, byte* prefetch, int lines)
    {
        for (int v = 0; v < 8; v++, key += 32 * rows, digits += 16, sums += 16)
        {
            for (int p = 0; p < lines; p++, prefetch += 64)
            {
                KeyPrefetch.Line(prefetch);
            }

            Products2(digits, key, rows, sums);
            if (S.Lanes < 8)
            {
                for (int h = S.Lanes; h < 8; h += S.Lanes)
                {
                    Products2(digits + h, key + h, rows, sums + h);
                }
            }
        }
    }

    /// <summary>One register of points of both columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products2(double* digits, double* key, int rows, double* sums)
    {
        TVector dr = S.Load(digits), di = S.Load(digits + 8);
        TVector k0r = S.Load(key), k0i = S.Load(key + 8), k1r = S.Load(key + 16), k1i = S.Load(key + 24);
        TVector s0r = S.Multiply(dr, k0r), s0i = S.Multiply(dr, k0i), s1r = S.Multiply(dr, k1r), s1i = S.Multiply(dr, k1i);
        s0r = S.NegateMultiplyAdd(di, k0i, s0r);
        s0i = S.MultiplyAdd(di, k0r, s0i);
        s1r = S.NegateMultiplyAdd(di, k1i, s1r);
        s1i = S.MultiplyAdd(di, k1r, s1i);
        for (int r = 1; r < rows; r++)
        {
            digits += 128;
            key += 32;
            dr = S.Load(digits);
            di = S.Load(digits + 8);
            k0r = S.Load(key);
            k0i = S.Load(key + 8);
            k1r = S.Load(key + 16);
            k1i = S.Load(key + 24);
            s0r = S.MultiplyAdd(dr, k0r, s0r);
            s0i = S.MultiplyAdd(dr, k0i, s0i);
            s1r = S.MultiplyAdd(dr, k1r, s1r);
            s1i = S.MultiplyAdd(dr, k1i, s1i);
            s0r = S.NegateMultiplyAdd(di, k0i, s0r);
            s0i = S.MultiplyAdd(di, k0r, s0i);
            s1r = S.NegateMultiplyAdd(di, k1i, s1r);
            s1i = S.MultiplyAdd(di, k1r, s1i);
        }

        S.Store(sums, s0r);
        S.Store(sums + 8, s0i);
        S.Store(sums + 128, s1r);
        S.Store(sums + 136, s1i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyAccumulate(double* digits, double* key, int rows, int columns, double* sums, byte* prefetch, int lines)
    {
        for (int v = 0; v < 8; v++, key += 16 * (nint)rows * columns, digits += 16, sums += 16)
        {
            for (int p = 0; p < lines; p++, prefetch += 64)
            {
                KeyPrefetch.Line(prefetch);
            }

            for (int c = 0; c < columns; c++)
            {
                Products(digits, key + (16 * c), rows, columns, sums + (128 * c));
                if (S.Lanes < 8)
                {
                    for (int h = S.Lanes; h < 8; h += S.Lanes)
                    {
                        Products(digits + h, key + (16 * c) + h, rows, columns, sums + (128 * c) + h);
                    }
                }
            }
        }
    }

    /// <summary>One register of points of one column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products(double* digits, double* key, int rows, int columns, double* sums)
    {
        TVector dr = S.Load(digits), di = S.Load(digits + 8), kr = S.Load(key), ki = S.Load(key + 8);
        TVector sr = S.Multiply(dr, kr), si = S.Multiply(dr, ki);
        sr = S.NegateMultiplyAdd(di, ki, sr);
        si = S.MultiplyAdd(di, kr, si);
        for (int r = 1; r < rows; r++)
        {
            digits += 128;
            key += 16 * (nint)columns;
            dr = S.Load(digits);
            di = S.Load(digits + 8);
            kr = S.Load(key);
            ki = S.Load(key + 8);
            sr = S.MultiplyAdd(dr, kr, sr);
            si = S.MultiplyAdd(dr, ki, si);
            sr = S.NegateMultiplyAdd(di, ki, sr);
            si = S.MultiplyAdd(di, kr, si);
        }

        S.Store(sums, sr);
        S.Store(sums + 8, si);
    }
}
