using System.Runtime.CompilerServices;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <content>Radix-8 decimation passes with sixteen registers.</content>
internal static unsafe partial class FourierKernel<S, TVector>
{
    /// <summary>Splits every block of <paramref name="size"/> points into eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ForwardNarrow8(double* data, int points, int size, double* twiddle)
    {
        nint stride = size / 8 * 2;
        double* end = data + (2 * (nint)points);
        for (double* block = data; block < end; block += 8 * stride, twiddle += 14)
        {
            for (double* p = block; p < block + stride; p = Next(p, block))
            {
                NarrowRadix8<S, TVector, ScalarTwiddles<S, TVector>>.ForwardOdd(S.Load(p + stride), S.Load(p + stride + 8), S.Load(p + (3 * stride)), S.Load(p + (3 * stride) + 8), S.Load(p + (5 * stride)), S.Load(p + (5 * stride) + 8), S.Load(p + (7 * stride)), S.Load(p + (7 * stride) + 8), twiddle, p, stride);
                NarrowRadix8<S, TVector, ScalarTwiddles<S, TVector>>.ForwardEven(S.Load(p), S.Load(p + 8), S.Load(p + (2 * stride)), S.Load(p + (2 * stride) + 8), S.Load(p + (4 * stride)), S.Load(p + (4 * stride) + 8), S.Load(p + (6 * stride)), S.Load(p + (6 * stride) + 8), twiddle, p, stride);
            }
        }
    }

    /// <summary>Undoes <see cref="ForwardNarrow8"/> but for a factor of 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InverseNarrow8(double* data, int points, int size, double* twiddle)
    {
        nint stride = size / 8 * 2;
        double* end = data + (2 * (nint)points);
        for (double* block = data; block < end; block += 8 * stride, twiddle += 14)
        {
            for (double* p = block; p < block + stride; p = Next(p, block))
            {
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
                NarrowRadix8<S, TVector, ScalarTwiddles<S, TVector>>.InverseOdd(d0r, d0i, d1r, d1i, d2r, d2i, d3r, d3i, twiddle, p, stride);
                NarrowRadix8<S, TVector, ScalarTwiddles<S, TVector>>.InverseEven(twiddle, p, stride);
            }
        }
    }
}
