using System.Runtime.CompilerServices;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <content>Radix-8 decimation passes with sixteen vectors in registers.</content>
internal static unsafe partial class FourierKernel<S, TVector>
{
    /// <summary>Splits every block of <paramref name="size"/> points into eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward8(double* data, int points, int size, double* twiddle)
    {
        TVector half = S.Create(FourierPlan.HalfRoot);
        nint stride = size / 8 * 2;
        double* end = data + (2 * (nint)points);
        for (double* block = data; block < end; block += 8 * stride, twiddle += 14)
        {
            for (double* p = block; p < block + stride; p += 16)
            {
                TVector x0r = S.Load(p);
                TVector x0i = S.Load(p + 8);
                TVector x1r = S.Load(p + stride);
                TVector x1i = S.Load(p + stride + 8);
                TVector x2r = S.Load(p + (2 * stride));
                TVector x2i = S.Load(p + (2 * stride) + 8);
                TVector x3r = S.Load(p + (3 * stride));
                TVector x3i = S.Load(p + (3 * stride) + 8);
                TVector x4r = S.Load(p + (4 * stride));
                TVector x4i = S.Load(p + (4 * stride) + 8);
                TVector x5r = S.Load(p + (5 * stride));
                TVector x5i = S.Load(p + (5 * stride) + 8);
                TVector x6r = S.Load(p + (6 * stride));
                TVector x6i = S.Load(p + (6 * stride) + 8);
                TVector x7r = S.Load(p + (7 * stride));
                TVector x7i = S.Load(p + (7 * stride) + 8);
                TVector t0r = x0r;
                TVector t0i = x0i;
                TVector t1r = ComplexProduct<S, TVector>.Re(x1r, x1i, S.Broadcast(twiddle + 0), S.Broadcast(twiddle + 1));
                TVector t1i = ComplexProduct<S, TVector>.Im(x1r, x1i, S.Broadcast(twiddle + 0), S.Broadcast(twiddle + 1));
                TVector t2r = ComplexProduct<S, TVector>.Re(x2r, x2i, S.Broadcast(twiddle + 2), S.Broadcast(twiddle + 3));
                TVector t2i = ComplexProduct<S, TVector>.Im(x2r, x2i, S.Broadcast(twiddle + 2), S.Broadcast(twiddle + 3));
                TVector t3r = ComplexProduct<S, TVector>.Re(x3r, x3i, S.Broadcast(twiddle + 4), S.Broadcast(twiddle + 5));
                TVector t3i = ComplexProduct<S, TVector>.Im(x3r, x3i, S.Broadcast(twiddle + 4), S.Broadcast(twiddle + 5));
                TVector t4r = ComplexProduct<S, TVector>.Re(x4r, x4i, S.Broadcast(twiddle + 6), S.Broadcast(twiddle + 7));
                TVector t4i = ComplexProduct<S, TVector>.Im(x4r, x4i, S.Broadcast(twiddle + 6), S.Broadcast(twiddle + 7));
                TVector t5r = ComplexProduct<S, TVector>.Re(x5r, x5i, S.Broadcast(twiddle + 8), S.Broadcast(twiddle + 9));
                TVector t5i = ComplexProduct<S, TVector>.Im(x5r, x5i, S.Broadcast(twiddle + 8), S.Broadcast(twiddle + 9));
                TVector t6r = ComplexProduct<S, TVector>.Re(x6r, x6i, S.Broadcast(twiddle + 10), S.Broadcast(twiddle + 11));
                TVector t6i = ComplexProduct<S, TVector>.Im(x6r, x6i, S.Broadcast(twiddle + 10), S.Broadcast(twiddle + 11));
                TVector t7r = ComplexProduct<S, TVector>.Re(x7r, x7i, S.Broadcast(twiddle + 12), S.Broadcast(twiddle + 13));
                TVector t7i = ComplexProduct<S, TVector>.Im(x7r, x7i, S.Broadcast(twiddle + 12), S.Broadcast(twiddle + 13));
                TVector ca0r = S.Add(t0r, t4r);
                TVector ca0i = S.Add(t0i, t4i);
                TVector ca1r = S.Subtract(t0r, t4r);
                TVector ca1i = S.Subtract(t0i, t4i);
                TVector ca2r = S.Add(t2r, t6r);
                TVector ca2i = S.Add(t2i, t6i);
                TVector ca3r = S.Subtract(t2r, t6r);
                TVector ca3i = S.Subtract(t2i, t6i);
                TVector cb0r = S.Add(t1r, t5r);
                TVector cb0i = S.Add(t1i, t5i);
                TVector cb1r = S.Subtract(t1r, t5r);
                TVector cb1i = S.Subtract(t1i, t5i);
                TVector cb2r = S.Add(t3r, t7r);
                TVector cb2i = S.Add(t3i, t7i);
                TVector cb3r = S.Subtract(t3r, t7r);
                TVector cb3i = S.Subtract(t3i, t7i);
                TVector ce0r = S.Add(ca0r, ca2r);
                TVector ce0i = S.Add(ca0i, ca2i);
                TVector ce2r = S.Subtract(ca0r, ca2r);
                TVector ce2i = S.Subtract(ca0i, ca2i);
                TVector ce1r = S.Subtract(ca1r, ca3i);
                TVector ce1i = S.Add(ca1i, ca3r);
                TVector ce3r = S.Add(ca1r, ca3i);
                TVector ce3i = S.Subtract(ca1i, ca3r);
                TVector co0r = S.Add(cb0r, cb2r);
                TVector co0i = S.Add(cb0i, cb2i);
                TVector co2r = S.Subtract(cb0r, cb2r);
                TVector co2i = S.Subtract(cb0i, cb2i);
                TVector co1r = S.Subtract(cb1r, cb3i);
                TVector co1i = S.Add(cb1i, cb3r);
                TVector co3r = S.Add(cb1r, cb3i);
                TVector co3i = S.Subtract(cb1i, cb3r);
                TVector cp1r = S.Subtract(co1r, co1i);
                TVector cp1i = S.Add(co1i, co1r);
                TVector cp3r = S.Add(co3r, co3i);
                TVector cp3i = S.Subtract(co3r, co3i);
                TVector y0r = S.Add(ce0r, co0r);
                TVector y0i = S.Add(ce0i, co0i);
                TVector y4r = S.Subtract(ce0r, co0r);
                TVector y4i = S.Subtract(ce0i, co0i);
                TVector y2r = S.Subtract(ce2r, co2i);
                TVector y2i = S.Add(ce2i, co2r);
                TVector y6r = S.Add(ce2r, co2i);
                TVector y6i = S.Subtract(ce2i, co2r);
                TVector y1r = S.MultiplyAdd(cp1r, half, ce1r);
                TVector y1i = S.MultiplyAdd(cp1i, half, ce1i);
                TVector y5r = S.NegateMultiplyAdd(cp1r, half, ce1r);
                TVector y5i = S.NegateMultiplyAdd(cp1i, half, ce1i);
                TVector y3r = S.NegateMultiplyAdd(cp3r, half, ce3r);
                TVector y3i = S.MultiplyAdd(cp3i, half, ce3i);
                TVector y7r = S.MultiplyAdd(cp3r, half, ce3r);
                TVector y7i = S.NegateMultiplyAdd(cp3i, half, ce3i);
                S.Store(p, y0r);
                S.Store(p + 8, y0i);
                S.Store(p + stride, y1r);
                S.Store(p + stride + 8, y1i);
                S.Store(p + (2 * stride), y2r);
                S.Store(p + (2 * stride) + 8, y2i);
                S.Store(p + (3 * stride), y3r);
                S.Store(p + (3 * stride) + 8, y3i);
                S.Store(p + (4 * stride), y4r);
                S.Store(p + (4 * stride) + 8, y4i);
                S.Store(p + (5 * stride), y5r);
                S.Store(p + (5 * stride) + 8, y5i);
                S.Store(p + (6 * stride), y6r);
                S.Store(p + (6 * stride) + 8, y6i);
                S.Store(p + (7 * stride), y7r);
                S.Store(p + (7 * stride) + 8, y7i);
            }
        }
    }

    /// <summary>Undoes <see cref="Forward8"/> but for a factor of 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Inverse8(double* data, int points, int size, double* twiddle)
    {
        TVector half = S.Create(FourierPlan.HalfRoot);
        nint stride = size / 8 * 2;
        double* end = data + (2 * (nint)points);
        for (double* block = data; block < end; block += 8 * stride, twiddle += 14)
        {
            for (double* p = block; p < block + stride; p += 16)
            {
                TVector x0r = S.Load(p);
                TVector x0i = S.Load(p + 8);
                TVector x1r = S.Load(p + stride);
                TVector x1i = S.Load(p + stride + 8);
                TVector x2r = S.Load(p + (2 * stride));
                TVector x2i = S.Load(p + (2 * stride) + 8);
                TVector x3r = S.Load(p + (3 * stride));
                TVector x3i = S.Load(p + (3 * stride) + 8);
                TVector x4r = S.Load(p + (4 * stride));
                TVector x4i = S.Load(p + (4 * stride) + 8);
                TVector x5r = S.Load(p + (5 * stride));
                TVector x5i = S.Load(p + (5 * stride) + 8);
                TVector x6r = S.Load(p + (6 * stride));
                TVector x6i = S.Load(p + (6 * stride) + 8);
                TVector x7r = S.Load(p + (7 * stride));
                TVector x7i = S.Load(p + (7 * stride) + 8);
                TVector ca0r = S.Add(x0r, x4r);
                TVector ca0i = S.Add(x0i, x4i);
                TVector ca1r = S.Subtract(x0r, x4r);
                TVector ca1i = S.Subtract(x0i, x4i);
                TVector ca2r = S.Add(x2r, x6r);
                TVector ca2i = S.Add(x2i, x6i);
                TVector ca3r = S.Subtract(x2r, x6r);
                TVector ca3i = S.Subtract(x2i, x6i);
                TVector cb0r = S.Add(x1r, x5r);
                TVector cb0i = S.Add(x1i, x5i);
                TVector cb1r = S.Subtract(x1r, x5r);
                TVector cb1i = S.Subtract(x1i, x5i);
                TVector cb2r = S.Add(x3r, x7r);
                TVector cb2i = S.Add(x3i, x7i);
                TVector cb3r = S.Subtract(x3r, x7r);
                TVector cb3i = S.Subtract(x3i, x7i);
                TVector ce0r = S.Add(ca0r, ca2r);
                TVector ce0i = S.Add(ca0i, ca2i);
                TVector ce2r = S.Subtract(ca0r, ca2r);
                TVector ce2i = S.Subtract(ca0i, ca2i);
                TVector ce1r = S.Add(ca1r, ca3i);
                TVector ce1i = S.Subtract(ca1i, ca3r);
                TVector ce3r = S.Subtract(ca1r, ca3i);
                TVector ce3i = S.Add(ca1i, ca3r);
                TVector co0r = S.Add(cb0r, cb2r);
                TVector co0i = S.Add(cb0i, cb2i);
                TVector co2r = S.Subtract(cb0r, cb2r);
                TVector co2i = S.Subtract(cb0i, cb2i);
                TVector co1r = S.Add(cb1r, cb3i);
                TVector co1i = S.Subtract(cb1i, cb3r);
                TVector co3r = S.Subtract(cb1r, cb3i);
                TVector co3i = S.Add(cb1i, cb3r);
                TVector cp1r = S.Add(co1r, co1i);
                TVector cp1i = S.Subtract(co1i, co1r);
                TVector cp3r = S.Subtract(co3r, co3i);
                TVector cp3i = S.Add(co3r, co3i);
                TVector y0r = S.Add(ce0r, co0r);
                TVector y0i = S.Add(ce0i, co0i);
                TVector y4r = S.Subtract(ce0r, co0r);
                TVector y4i = S.Subtract(ce0i, co0i);
                TVector y2r = S.Add(ce2r, co2i);
                TVector y2i = S.Subtract(ce2i, co2r);
                TVector y6r = S.Subtract(ce2r, co2i);
                TVector y6i = S.Add(ce2i, co2r);
                TVector y1r = S.MultiplyAdd(cp1r, half, ce1r);
                TVector y1i = S.MultiplyAdd(cp1i, half, ce1i);
                TVector y5r = S.NegateMultiplyAdd(cp1r, half, ce1r);
                TVector y5i = S.NegateMultiplyAdd(cp1i, half, ce1i);
                TVector y3r = S.NegateMultiplyAdd(cp3r, half, ce3r);
                TVector y3i = S.NegateMultiplyAdd(cp3i, half, ce3i);
                TVector y7r = S.MultiplyAdd(cp3r, half, ce3r);
                TVector y7i = S.MultiplyAdd(cp3i, half, ce3i);
                TVector o0r = y0r;
                TVector o0i = y0i;
                TVector o1r = ComplexProduct<S, TVector>.ConjRe(y1r, y1i, S.Broadcast(twiddle + 0), S.Broadcast(twiddle + 1));
                TVector o1i = ComplexProduct<S, TVector>.ConjIm(y1r, y1i, S.Broadcast(twiddle + 0), S.Broadcast(twiddle + 1));
                TVector o2r = ComplexProduct<S, TVector>.ConjRe(y2r, y2i, S.Broadcast(twiddle + 2), S.Broadcast(twiddle + 3));
                TVector o2i = ComplexProduct<S, TVector>.ConjIm(y2r, y2i, S.Broadcast(twiddle + 2), S.Broadcast(twiddle + 3));
                TVector o3r = ComplexProduct<S, TVector>.ConjRe(y3r, y3i, S.Broadcast(twiddle + 4), S.Broadcast(twiddle + 5));
                TVector o3i = ComplexProduct<S, TVector>.ConjIm(y3r, y3i, S.Broadcast(twiddle + 4), S.Broadcast(twiddle + 5));
                TVector o4r = ComplexProduct<S, TVector>.ConjRe(y4r, y4i, S.Broadcast(twiddle + 6), S.Broadcast(twiddle + 7));
                TVector o4i = ComplexProduct<S, TVector>.ConjIm(y4r, y4i, S.Broadcast(twiddle + 6), S.Broadcast(twiddle + 7));
                TVector o5r = ComplexProduct<S, TVector>.ConjRe(y5r, y5i, S.Broadcast(twiddle + 8), S.Broadcast(twiddle + 9));
                TVector o5i = ComplexProduct<S, TVector>.ConjIm(y5r, y5i, S.Broadcast(twiddle + 8), S.Broadcast(twiddle + 9));
                TVector o6r = ComplexProduct<S, TVector>.ConjRe(y6r, y6i, S.Broadcast(twiddle + 10), S.Broadcast(twiddle + 11));
                TVector o6i = ComplexProduct<S, TVector>.ConjIm(y6r, y6i, S.Broadcast(twiddle + 10), S.Broadcast(twiddle + 11));
                TVector o7r = ComplexProduct<S, TVector>.ConjRe(y7r, y7i, S.Broadcast(twiddle + 12), S.Broadcast(twiddle + 13));
                TVector o7i = ComplexProduct<S, TVector>.ConjIm(y7r, y7i, S.Broadcast(twiddle + 12), S.Broadcast(twiddle + 13));
                S.Store(p, o0r);
                S.Store(p + 8, o0i);
                S.Store(p + stride, o1r);
                S.Store(p + stride + 8, o1i);
                S.Store(p + (2 * stride), o2r);
                S.Store(p + (2 * stride) + 8, o2i);
                S.Store(p + (3 * stride), o3r);
                S.Store(p + (3 * stride) + 8, o3i);
                S.Store(p + (4 * stride), o4r);
                S.Store(p + (4 * stride) + 8, o4i);
                S.Store(p + (5 * stride), o5r);
                S.Store(p + (5 * stride) + 8, o5i);
                S.Store(p + (6 * stride), o6r);
                S.Store(p + (6 * stride) + 8, o6i);
                S.Store(p + (7 * stride), o7r);
                S.Store(p + (7 * stride) + 8, o7i);
            }
        }
    }
}
