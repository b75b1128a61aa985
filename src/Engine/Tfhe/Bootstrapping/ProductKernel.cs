using System.Runtime.CompilerServices;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// The products of an external product at 64 points: column sums over all rows of digit times key. A register of points of up to four columns is summed at once, so that a digit is loaded
/// once for all of them: eight sums, a digit and a key word take 12 registers of AVX2's 16.
/// </summary>
internal static unsafe class ProductKernel<S, TVector>
    where S : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Multiplies and sums.</summary>
    /// <param name="digits">For each row 64 points, 128 doubles.</param>
    /// <param name="key">In the order [v][row][column][8 re][8 im], v being an eighth of the points.</param>
    /// <param name="rows">(k + 1)·l.</param>
    /// <param name="columns">k + 1.</param>
    /// <param name="sums">For each column 64 points, 128 doubles.</param>
    /// <param name="prefetch">What is needed soon: a cache line of it for each register of points and row, if there are fewer than eight lanes.</param>
    /// <param name="prefetchStep">64, or 0 for nothing.</param>
    public static void Run(double* digits, double* key, int rows, int columns, double* sums, byte* prefetch, nint prefetchStep)
    {
        nint keyStep = 16 * (nint)columns;
        for (; columns > 4; columns -= 3, key += 48, sums += 384)
        {
            Columns3(digits, key, rows, keyStep, sums, (byte*)digits, 0);
        }

        switch (columns)
        {
            case 4:
                Columns4(digits, key, rows, keyStep, sums, prefetch, prefetchStep);
                break;
            case 3:
                Columns3(digits, key, rows, keyStep, sums, prefetch, prefetchStep);
                break;
            default:
                Columns2(digits, key, rows, keyStep, sums, prefetch, prefetchStep);
                break;
        }
    }

    /// <summary>The requests that 64 points make: none with eight lanes, where the key's own lines keep the core waiting.</summary>
    public static int Requests(int rows) => S.Lanes == 8 ? 0 : 64 / S.Lanes * rows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns2(double* digits, double* key, int rows, nint keyStep, double* sums, byte* prefetch, nint prefetchStep)
    {
        for (double* end = digits + 128; digits < end; digits += 16, key += rows * keyStep, sums += 16)
        {
            for (int h = 0; h < 8; h += S.Lanes, prefetch += rows * prefetchStep)
            {
                Products2(digits + h, key + h, rows, keyStep, sums + h, prefetch, prefetchStep);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns3(double* digits, double* key, int rows, nint keyStep, double* sums, byte* prefetch, nint prefetchStep)
    {
        for (double* end = digits + 128; digits < end; digits += 16, key += rows * keyStep, sums += 16)
        {
            for (int h = 0; h < 8; h += S.Lanes, prefetch += rows * prefetchStep)
            {
                Products3(digits + h, key + h, rows, keyStep, sums + h, prefetch, prefetchStep);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns4(double* digits, double* key, int rows, nint keyStep, double* sums, byte* prefetch, nint prefetchStep)
    {
        for (double* end = digits + 128; digits < end; digits += 16, key += rows * keyStep, sums += 16)
        {
            for (int h = 0; h < 8; h += S.Lanes, prefetch += rows * prefetchStep)
            {
                Products4(digits + h, key + h, rows, keyStep, sums + h, prefetch, prefetchStep);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ask(byte* prefetch)
    {
        if (S.Lanes < 8)
        {
            S.Prefetch(prefetch);
        }
    }

    /// <summary>One register of points of two columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products2(double* digits, double* key, int rows, nint keyStep, double* sums, byte* prefetch, nint prefetchStep)
    {
        Ask(prefetch);
        TVector dr = S.Load(digits), di = S.Load(digits + 8), kr = S.Load(key), ki = S.Load(key + 8);
        TVector s0r = S.NegateMultiplyAdd(di, ki, S.Multiply(dr, kr)), s0i = S.MultiplyAdd(di, kr, S.Multiply(dr, ki));
        kr = S.Load(key + 16);
        ki = S.Load(key + 24);
        TVector s1r = S.NegateMultiplyAdd(di, ki, S.Multiply(dr, kr)), s1i = S.MultiplyAdd(di, kr, S.Multiply(dr, ki));
        for (int r = 1; r < rows; r++)
        {
            digits += 128;
            key += keyStep;
            prefetch += prefetchStep;
            Ask(prefetch);
            dr = S.Load(digits);
            di = S.Load(digits + 8);
            kr = S.Load(key);
            ki = S.Load(key + 8);
            s0r = S.NegateMultiplyAdd(di, ki, S.MultiplyAdd(dr, kr, s0r));
            s0i = S.MultiplyAdd(di, kr, S.MultiplyAdd(dr, ki, s0i));
            kr = S.Load(key + 16);
            ki = S.Load(key + 24);
            s1r = S.NegateMultiplyAdd(di, ki, S.MultiplyAdd(dr, kr, s1r));
            s1i = S.MultiplyAdd(di, kr, S.MultiplyAdd(dr, ki, s1i));
        }

        S.Store(sums, s0r);
        S.Store(sums + 8, s0i);
        S.Store(sums + 128, s1r);
        S.Store(sums + 136, s1i);
    }

    /// <summary>One register of points of three columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products3(double* digits, double* key, int rows, nint keyStep, double* sums, byte* prefetch, nint prefetchStep)
    {
        Ask(prefetch);
        TVector dr = S.Load(digits), di = S.Load(digits + 8), kr = S.Load(key), ki = S.Load(key + 8);
        TVector s0r = S.NegateMultiplyAdd(di, ki, S.Multiply(dr, kr)), s0i = S.MultiplyAdd(di, kr, S.Multiply(dr, ki));
        kr = S.Load(key + 16);
        ki = S.Load(key + 24);
        TVector s1r = S.NegateMultiplyAdd(di, ki, S.Multiply(dr, kr)), s1i = S.MultiplyAdd(di, kr, S.Multiply(dr, ki));
        kr = S.Load(key + 32);
        ki = S.Load(key + 40);
        TVector s2r = S.NegateMultiplyAdd(di, ki, S.Multiply(dr, kr)), s2i = S.MultiplyAdd(di, kr, S.Multiply(dr, ki));
        for (int r = 1; r < rows; r++)
        {
            digits += 128;
            key += keyStep;
            prefetch += prefetchStep;
            Ask(prefetch);
            dr = S.Load(digits);
            di = S.Load(digits + 8);
            kr = S.Load(key);
            ki = S.Load(key + 8);
            s0r = S.NegateMultiplyAdd(di, ki, S.MultiplyAdd(dr, kr, s0r));
            s0i = S.MultiplyAdd(di, kr, S.MultiplyAdd(dr, ki, s0i));
            kr = S.Load(key + 16);
            ki = S.Load(key + 24);
            s1r = S.NegateMultiplyAdd(di, ki, S.MultiplyAdd(dr, kr, s1r));
            s1i = S.MultiplyAdd(di, kr, S.MultiplyAdd(dr, ki, s1i));
            kr = S.Load(key + 32);
            ki = S.Load(key + 40);
            s2r = S.NegateMultiplyAdd(di, ki, S.MultiplyAdd(dr, kr, s2r));
            s2i = S.MultiplyAdd(di, kr, S.MultiplyAdd(dr, ki, s2i));
        }

        S.Store(sums, s0r);
        S.Store(sums + 8, s0i);
        S.Store(sums + 128, s1r);
        S.Store(sums + 136, s1i);
        S.Store(sums + 256, s2r);
        S.Store(sums + 264, s2i);
    }

    /// <summary>One register of points of four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products4(double* digits, double* key, int rows, nint keyStep, double* sums, byte* prefetch, nint prefetchStep)
    {
        Ask(prefetch);
        TVector dr = S.Load(digits), di = S.Load(digits + 8), kr = S.Load(key), ki = S.Load(key + 8);
        TVector s0r = S.NegateMultiplyAdd(di, ki, S.Multiply(dr, kr)), s0i = S.MultiplyAdd(di, kr, S.Multiply(dr, ki));
        kr = S.Load(key + 16);
        ki = S.Load(key + 24);
        TVector s1r = S.NegateMultiplyAdd(di, ki, S.Multiply(dr, kr)), s1i = S.MultiplyAdd(di, kr, S.Multiply(dr, ki));
        kr = S.Load(key + 32);
        ki = S.Load(key + 40);
        TVector s2r = S.NegateMultiplyAdd(di, ki, S.Multiply(dr, kr)), s2i = S.MultiplyAdd(di, kr, S.Multiply(dr, ki));
        kr = S.Load(key + 48);
        ki = S.Load(key + 56);
        TVector s3r = S.NegateMultiplyAdd(di, ki, S.Multiply(dr, kr)), s3i = S.MultiplyAdd(di, kr, S.Multiply(dr, ki));
        for (int r = 1; r < rows; r++)
        {
            digits += 128;
            key += keyStep;
            prefetch += prefetchStep;
            Ask(prefetch);
            dr = S.Load(digits);
            di = S.Load(digits + 8);
            kr = S.Load(key);
            ki = S.Load(key + 8);
            s0r = S.NegateMultiplyAdd(di, ki, S.MultiplyAdd(dr, kr, s0r));
            s0i = S.MultiplyAdd(di, kr, S.MultiplyAdd(dr, ki, s0i));
            kr = S.Load(key + 16);
            ki = S.Load(key + 24);
            s1r = S.NegateMultiplyAdd(di, ki, S.MultiplyAdd(dr, kr, s1r));
            s1i = S.MultiplyAdd(di, kr, S.MultiplyAdd(dr, ki, s1i));
            kr = S.Load(key + 32);
            ki = S.Load(key + 40);
            s2r = S.NegateMultiplyAdd(di, ki, S.MultiplyAdd(dr, kr, s2r));
            s2i = S.MultiplyAdd(di, kr, S.MultiplyAdd(dr, ki, s2i));
            kr = S.Load(key + 48);
            ki = S.Load(key + 56);
            s3r = S.NegateMultiplyAdd(di, ki, S.MultiplyAdd(dr, kr, s3r));
            s3i = S.MultiplyAdd(di, kr, S.MultiplyAdd(dr, ki, s3i));
        }

        S.Store(sums, s0r);
        S.Store(sums + 8, s0i);
        S.Store(sums + 128, s1r);
        S.Store(sums + 136, s1i);
        S.Store(sums + 256, s2r);
        S.Store(sums + 264, s2i);
        S.Store(sums + 384, s3r);
        S.Store(sums + 392, s3i);
    }
}
