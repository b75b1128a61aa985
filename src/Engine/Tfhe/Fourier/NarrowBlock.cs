using System.Runtime.CompilerServices;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>The last 64 points of a transform with sixteen registers: two radix-8 steps, the second of which loads its vectors transposed.</summary>
internal static unsafe class NarrowBlock<S, TVector>
    where S : struct, INarrowSimd<TVector>
    where TVector : unmanaged
{
    /// <inheritdoc cref="ISimd{TVector}.Forward64"/>
    public static void Forward64(double* source, double* target, double* scalar, double* vector, byte* prefetch, nint prefetchStep)
    {
        FourierKernel<S, TVector>.ForwardNarrow8(source, 64, 64, scalar);
        ForwardLanes(source, target, vector, prefetch, prefetchStep);
    }

    /// <inheritdoc cref="ISimd{TVector}.Inverse64"/>
    public static void Inverse64(double* source, double* target, double* scalar, double* vector, byte* prefetch, nint prefetchStep)
    {
        InverseLanes(source, vector, prefetch, prefetchStep);
        InverseTransposed(source, target, scalar);
    }

    /// <summary>Lanes [h, h + Lanes) of each new vector are rows h to h + Lanes of the old ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardLanes(double* source, double* target, double* vector, byte* prefetch, nint prefetchStep)
    {
        for (int h = 0; h < 8; h += S.Lanes, target += S.Lanes, vector += S.Lanes, source += 16 * S.Lanes)
        {
            for (int line = 0; line < S.Lanes; line++, prefetch += prefetchStep)
            {
                KeyPrefetch.Line(prefetch);
            }

            OddColumns(source, out TVector x1r, out TVector x3r, out TVector x5r, out TVector x7r);
            OddColumns(source + 8, out TVector x1i, out TVector x3i, out TVector x5i, out TVector x7i);
            NarrowRadix8<S, TVector, LaneTwiddles<S, TVector>>.ForwardOdd(x1r, x1i, x3r, x3i, x5r, x5i, x7r, x7i, vector, target, 16);
            EvenColumns(source, out TVector x0r, out TVector x2r, out TVector x4r, out TVector x6r);
            EvenColumns(source + 8, out TVector x0i, out TVector x2i, out TVector x4i, out TVector x6i);
            NarrowRadix8<S, TVector, LaneTwiddles<S, TVector>>.ForwardEven(x0r, x0i, x2r, x2i, x4r, x4i, x6r, x6i, vector, target, 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InverseLanes(double* p, double* vector, byte* prefetch, nint prefetchStep)
    {
        const int stride = 16;
        for (int h = 0; h < 8; h += S.Lanes, p += S.Lanes, vector += S.Lanes)
        {
            for (int line = 0; line < S.Lanes; line++, prefetch += prefetchStep)
            {
                KeyPrefetch.Line(prefetch);
            }

            TVector x0r = S.Load(p), x4r = S.Load(p + (4 * stride));
            TVector x0i = S.Load(p + 8), x4i = S.Load(p + (4 * stride) + 8);
            S.Store(p, S.Add(x0r, x4r));
            S.Store(p + 8, S.Add(x0i, x4i));
            TVector d0r = S.Subtract(x0r, x4r);
            TVector d0i = S.Subtract(x0i, x4i);
            TVector x2r = S.Load(p + (2 * stride)), x6r = S.Load(p + (6 * stride));
            TVector x2i = S.Load(p + (2 * stride) + 8), x6i = S.Load(p + (6 * stride) + 8);
            S.Store(p + (4 * stride), S.Add(x2r, x6r));
            S.Store(p + (4 * stride) + 8, S.Add(x2i, x6i));
            TVector d2r = S.Subtract(x2r, x6r);
            TVector d2i = S.Subtract(x2i, x6i);
            TVector x1r = S.Load(p + stride), x5r = S.Load(p + (5 * stride));
            TVector x1i = S.Load(p + stride + 8), x5i = S.Load(p + (5 * stride) + 8);
            S.Store(p + (2 * stride), S.Add(x1r, x5r));
            S.Store(p + (2 * stride) + 8, S.Add(x1i, x5i));
            TVector d1r = S.Subtract(x1r, x5r);
            TVector d1i = S.Subtract(x1i, x5i);
            TVector x3r = S.Load(p + (3 * stride)), x7r = S.Load(p + (7 * stride));
            TVector x3i = S.Load(p + (3 * stride) + 8), x7i = S.Load(p + (7 * stride) + 8);
            S.Store(p + (6 * stride), S.Add(x3r, x7r));
            S.Store(p + (6 * stride) + 8, S.Add(x3i, x7i));
            TVector d3r = S.Subtract(x3r, x7r);
            TVector d3i = S.Subtract(x3i, x7i);
            NarrowRadix8<S, TVector, LaneTwiddles<S, TVector>>.InverseOdd(d0r, d0i, d1r, d1i, d2r, d2i, d3r, d3i, vector, p, stride);
            NarrowRadix8<S, TVector, LaneTwiddles<S, TVector>>.InverseEven(vector, p, stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InverseTransposed(double* source, double* target, double* scalar)
    {
        const int stride = 16;
        for (int h = 0; h < 8; h += S.Lanes, target += S.Lanes, source += 16 * S.Lanes)
        {
            EvenColumns(source, out TVector x0r, out TVector x2r, out TVector x4r, out TVector x6r);
            S.Store(target, S.Add(x0r, x4r));
            S.Store(target + (4 * stride), S.Add(x2r, x6r));
            TVector d0r = S.Subtract(x0r, x4r), d2r = S.Subtract(x2r, x6r);
            EvenColumns(source + 8, out TVector x0i, out TVector x2i, out TVector x4i, out TVector x6i);
            S.Store(target + 8, S.Add(x0i, x4i));
            S.Store(target + (4 * stride) + 8, S.Add(x2i, x6i));
            TVector d0i = S.Subtract(x0i, x4i), d2i = S.Subtract(x2i, x6i);
            OddColumns(source, out TVector x1r, out TVector x3r, out TVector x5r, out TVector x7r);
            S.Store(target + (2 * stride), S.Add(x1r, x5r));
            S.Store(target + (6 * stride), S.Add(x3r, x7r));
            TVector d1r = S.Subtract(x1r, x5r), d3r = S.Subtract(x3r, x7r);
            OddColumns(source + 8, out TVector x1i, out TVector x3i, out TVector x5i, out TVector x7i);
            S.Store(target + (2 * stride) + 8, S.Add(x1i, x5i));
            S.Store(target + (6 * stride) + 8, S.Add(x3i, x7i));
            TVector d1i = S.Subtract(x1i, x5i), d3i = S.Subtract(x3i, x7i);
            NarrowRadix8<S, TVector, ScalarTwiddles<S, TVector>>.InverseOdd(d0r, d0i, d1r, d1i, d2r, d2i, d3r, d3i, scalar, target, stride);
            NarrowRadix8<S, TVector, ScalarTwiddles<S, TVector>>.InverseEven(scalar, target, stride);
        }
    }

    /// <summary>Columns 0, 2, 4, 6 of the eight in as many rows as there are lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EvenColumns(double* rows, out TVector c0, out TVector c2, out TVector c4, out TVector c6)
    {
        S.EvenColumns(rows, out c0, out c2);
        S.EvenColumns(rows + 4, out c4, out c6);
    }

    /// <summary>Columns 1, 3, 5, 7 of the eight in as many rows as there are lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OddColumns(double* rows, out TVector c1, out TVector c3, out TVector c5, out TVector c7)
    {
        S.OddColumns(rows, out c1, out c3);
        S.OddColumns(rows + 4, out c5, out c7);
    }
}
