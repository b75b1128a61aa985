using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// One step of a blind rotation, target = current + GGSW(s) ⊡ (X^a·source − current), for one instruction set; in the classic
/// rotation all three are the accumulator (Chillotti et al., "TFHE", section 4;
/// eprint 2018/421). Digits go straight into the transform's layout; then, one 64-point block at a time, all rows are
/// transformed, multiplied and transformed back while they are in the first-level cache, and the next GGSW is prefetched
/// over the step (<see cref="KeySpread"/>).
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
    /// <param name="ahead">What is needed soon.</param>
    /// <param name="shape">Dimensions and constants.</param>
    /// <param name="work">Work space of <see cref="CmuxShape.WorkDoubles"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Step(ulong* source, int rotation, ulong* current, ulong* target, double* ggsw, StepPrefetch ahead, CmuxShape shape, double* work)
    {
        FourierPlan plan = shape.Plan;
        int size = shape.Size, rows = shape.Rows, columns = shape.Columns;

        int registers = plan.Points / S.Lanes, passes = FourierKernel<S, TVector>.RequestsOfPasses(plan);
        KeySpread spread = ahead.Spread;
        nint keyStep = spread.EdgeStep, blockStep = spread.BlockStep, streamStep = ahead.StreamStep;
        byte* key = ahead.Key == null ? (byte*)work : ahead.Key, stream = ahead.Stream == null ? (byte*)work : ahead.Stream;
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
                Decompose(rotated, current + ((nint)u * shape.Stride), rotation, size, shape.Digits[j], row, key, keyStep, stream, streamStep);
                key += keyStep * registers;
                stream += streamStep * registers;
                FourierKernel<S, TVector>.ForwardPasses(row, plan, key, spread.PassStep);
                key += passes * spread.PassStep;
            }
        }

        for (int b = 0; b < plan.Blocks; b++)
        {
            double* twiddles = plan.BlockTwiddles(S.Lanes, b);
            S.BeginForward64(work + (128 * (nint)b), size, rows, twiddles);
            S.EndForward64(work + (128 * (nint)b), size, scratch, 128, rows, twiddles, key, blockStep);
            key = Lines(key + (8 * rows * blockStep), spread.Extra);
            ProductKernel<S, TVector>.Run(scratch, ggsw + ((nint)b * 128 * rows * columns), rows, columns, scratchSums, key, blockStep);
            key = Lines(key + (ProductKernel<S, TVector>.Requests(rows) * blockStep), spread.Extra);
            S.BeginInverse64(scratchSums, 128, columns, twiddles);
            S.EndInverse64(scratchSums, 128, work + (128 * (nint)b), size, columns, twiddles, key, blockStep);
            key = Lines(key + (8 * columns * blockStep), spread.Extra);
        }

        for (int c = 0; c < columns; c++)
        {
            ulong* words = current + ((nint)c * shape.Stride);
            double* column = work + ((nint)c * size);
            FourierKernel<S, TVector>.InversePasses(column, plan, key, spread.PassStep);
            key += passes * spread.PassStep;
            FourierKernel<S, TVector>.AddToTorus(column, plan.Points, words, target + ((nint)c * shape.Stride), key, keyStep, stream, streamStep);
            key += keyStep * registers;
            stream += streamStep * registers;
        }
    }

    /// <summary>Asks for lines one after the other; returns the address behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Lines(byte* key, int count)
    {
        for (; count > 0; count--, key += 64)
        {
            S.Prefetch(key);
        }

        return key;
    }

    /// <summary>
    /// One digit of X^a·P − C for all coefficients, folded. A register of coefficients of X^a·P lies contiguously in P at
    /// (t − a) mod N, negated where t − a wrapped once; the negated copy of the first coefficients behind the last makes a
    /// register that straddles the end come out right with the sign of its first lane. So there are two segments of constant
    /// signs: with a mod N below N/2 the real half's sign changes within, else the imaginary half's.
    /// </summary>
    public static void Decompose(ulong* rotated, ulong* current, int rotation, int size, in DigitConstants digit, double* target, byte* key, nint keyStep, byte* stream, nint streamStep)
    {
        int points = size / 2, a = rotation & (size - 1);
        bool negate = ((rotation / size) & 1) != 0, late = a >= points;
        int split = ((a & (points - 1)) + S.Lanes - 1) & -S.Lanes;
        DecomposeSegment(rotated + size - a, !negate, rotated + points - a + (late ? size : 0), late != negate, current, 0, split, points, digit, target, key, keyStep, stream, streamStep);
        DecomposeSegment(rotated - a + (late ? size : 0), late != negate, rotated + points - a, negate, current, split, points, points, digit, target, key + (keyStep * split / S.Lanes), keyStep, stream + (streamStep * split / S.Lanes), streamStep);
    }

    /// <summary>Coefficients [first, end) of each half: the halves of ±X^a·P begin at <paramref name="re"/> and <paramref name="im"/>.</summary>
    private static void DecomposeSegment(ulong* re, bool negateRe, ulong* im, bool negateIm, ulong* current, int first, int end, int points, in DigitConstants digit, double* target, byte* key, nint keyStep, byte* stream, nint streamStep)
    {
        bool top = digit.Mask == ulong.MaxValue >> digit.Shift;
        switch ((negateRe ? 4 : 0) + (negateIm ? 2 : 0) + (top ? 1 : 0))
        {
            case 0:
                DecomposeLoop<No, No, No>(re, im, current, first, end, points, digit, target, key, keyStep, stream, streamStep);
                break;
            case 1:
                DecomposeLoop<No, No, Yes>(re, im, current, first, end, points, digit, target, key, keyStep, stream, streamStep);
                break;
            case 2:
                DecomposeLoop<No, Yes, No>(re, im, current, first, end, points, digit, target, key, keyStep, stream, streamStep);
                break;
            case 3:
                DecomposeLoop<No, Yes, Yes>(re, im, current, first, end, points, digit, target, key, keyStep, stream, streamStep);
                break;
            case 4:
                DecomposeLoop<Yes, No, No>(re, im, current, first, end, points, digit, target, key, keyStep, stream, streamStep);
                break;
            case 5:
                DecomposeLoop<Yes, No, Yes>(re, im, current, first, end, points, digit, target, key, keyStep, stream, streamStep);
                break;
            case 6:
                DecomposeLoop<Yes, Yes, No>(re, im, current, first, end, points, digit, target, key, keyStep, stream, streamStep);
                break;
            default:
                DecomposeLoop<Yes, Yes, Yes>(re, im, current, first, end, points, digit, target, key, keyStep, stream, streamStep);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DecomposeLoop<TNegateRe, TNegateIm, TTop>(ulong* re, ulong* im, ulong* current, int first, int end, int points, in DigitConstants digit, double* target, byte* key, nint keyStep, byte* stream, nint streamStep)
        where TNegateRe : struct, IChoice
        where TNegateIm : struct, IChoice
        where TTop : struct, IChoice
    {
        TVector offset = S.Create(BitConverter.UInt64BitsToDouble(digit.Offset)), mask = S.Create(BitConverter.UInt64BitsToDouble(digit.Mask)), bias = S.Create(digit.Bias);
        Vector128<ulong> shift = Vector128.CreateScalar((ulong)digit.Shift);
        ulong* currentIm = current + points;
        for (int t = first; t < end; t += S.Lanes, key += keyStep, stream += streamStep)
        {
            S.Prefetch(key);
            S.Prefetch(stream);
            double* at = target + FourierKernel<S, TVector>.Place(t);
            S.Store(at, S.Digit(re + t, TNegateRe.Value, current + t, offset, shift, TTop.Value, mask, bias));
            S.Store(at + 8, S.Digit(im + t, TNegateIm.Value, currentIm + t, offset, shift, TTop.Value, mask, bias));
        }
    }
}
