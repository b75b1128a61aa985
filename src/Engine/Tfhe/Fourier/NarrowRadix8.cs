using System.Runtime.CompilerServices;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>
/// Radix-8 butterflies for sixteen registers: in two halves of four complex vectors each, the first of which waits in the butterfly's own
/// places p, p + stride, ... p + 7·stride while the second is computed. So nothing spills where the code does not say so.
/// </summary>
/// <typeparam name="S">The instruction set.</typeparam>
/// <typeparam name="TVector">The register's type.</typeparam>
/// <typeparam name="T">The twiddles.</typeparam>
internal static unsafe class NarrowRadix8<S, TVector, T>
    where S : struct, ISimd<TVector>
    where TVector : unmanaged
    where T : struct, ITwiddles<TVector>
{
    /// <summary>First half of y_s = Σ_q x_q·u^q·ω^(sq): the odd inputs, left in places 1, 5, 3, 7 for s = 0 to 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ForwardOdd(TVector x1r, TVector x1i, TVector x3r, TVector x3i, TVector x5r, TVector x5i, TVector x7r, TVector x7i, double* twiddles, double* p, nint stride)
    {
        TVector t1r = ComplexProduct<S, TVector>.Re(x1r, x1i, T.Re(twiddles, 1), T.Im(twiddles, 1));
        TVector t1i = ComplexProduct<S, TVector>.Im(x1r, x1i, T.Re(twiddles, 1), T.Im(twiddles, 1));
        TVector t3r = ComplexProduct<S, TVector>.Re(x3r, x3i, T.Re(twiddles, 3), T.Im(twiddles, 3));
        TVector t3i = ComplexProduct<S, TVector>.Im(x3r, x3i, T.Re(twiddles, 3), T.Im(twiddles, 3));
        TVector t5r = ComplexProduct<S, TVector>.Re(x5r, x5i, T.Re(twiddles, 5), T.Im(twiddles, 5));
        TVector t5i = ComplexProduct<S, TVector>.Im(x5r, x5i, T.Re(twiddles, 5), T.Im(twiddles, 5));
        TVector t7r = ComplexProduct<S, TVector>.Re(x7r, x7i, T.Re(twiddles, 7), T.Im(twiddles, 7));
        TVector t7i = ComplexProduct<S, TVector>.Im(x7r, x7i, T.Re(twiddles, 7), T.Im(twiddles, 7));
        TVector b0r = S.Add(t1r, t5r);
        TVector b0i = S.Add(t1i, t5i);
        TVector b1r = S.Subtract(t1r, t5r);
        TVector b1i = S.Subtract(t1i, t5i);
        TVector b2r = S.Add(t3r, t7r);
        TVector b2i = S.Add(t3i, t7i);
        TVector b3r = S.Subtract(t3r, t7r);
        TVector b3i = S.Subtract(t3i, t7i);
        S.Store(p + stride, S.Add(b0r, b2r));
        S.Store(p + stride + 8, S.Add(b0i, b2i));
        S.Store(p + (3 * stride), S.Subtract(b0r, b2r));
        S.Store(p + (3 * stride) + 8, S.Subtract(b0i, b2i));
        TVector o1r = S.Subtract(b1r, b3i);
        TVector o1i = S.Add(b1i, b3r);
        TVector o3r = S.Add(b1r, b3i);
        TVector o3i = S.Subtract(b1i, b3r);
        S.Store(p + (5 * stride), S.Subtract(o1r, o1i));
        S.Store(p + (5 * stride) + 8, S.Add(o1i, o1r));
        S.Store(p + (7 * stride), S.Add(o3r, o3i));
        S.Store(p + (7 * stride) + 8, S.Subtract(o3r, o3i));
    }

    /// <summary>Second half: the even inputs, and all outputs into places 0 to 7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ForwardEven(TVector x0r, TVector x0i, TVector x2r, TVector x2i, TVector x4r, TVector x4i, TVector x6r, TVector x6i, double* twiddles, double* p, nint stride)
    {
        TVector half = S.Create(FourierPlan.HalfRoot);
        TVector t2r = ComplexProduct<S, TVector>.Re(x2r, x2i, T.Re(twiddles, 2), T.Im(twiddles, 2));
        TVector t2i = ComplexProduct<S, TVector>.Im(x2r, x2i, T.Re(twiddles, 2), T.Im(twiddles, 2));
        TVector t4r = ComplexProduct<S, TVector>.Re(x4r, x4i, T.Re(twiddles, 4), T.Im(twiddles, 4));
        TVector t4i = ComplexProduct<S, TVector>.Im(x4r, x4i, T.Re(twiddles, 4), T.Im(twiddles, 4));
        TVector t6r = ComplexProduct<S, TVector>.Re(x6r, x6i, T.Re(twiddles, 6), T.Im(twiddles, 6));
        TVector t6i = ComplexProduct<S, TVector>.Im(x6r, x6i, T.Re(twiddles, 6), T.Im(twiddles, 6));
        TVector a0r = S.Add(x0r, t4r);
        TVector a0i = S.Add(x0i, t4i);
        TVector a1r = S.Subtract(x0r, t4r);
        TVector a1i = S.Subtract(x0i, t4i);
        TVector a2r = S.Add(t2r, t6r);
        TVector a2i = S.Add(t2i, t6i);
        TVector a3r = S.Subtract(t2r, t6r);
        TVector a3i = S.Subtract(t2i, t6i);
        TVector e0r = S.Add(a0r, a2r);
        TVector e0i = S.Add(a0i, a2i);
        TVector e2r = S.Subtract(a0r, a2r);
        TVector e2i = S.Subtract(a0i, a2i);
        TVector e1r = S.Subtract(a1r, a3i);
        TVector e1i = S.Add(a1i, a3r);
        TVector e3r = S.Add(a1r, a3i);
        TVector e3i = S.Subtract(a1i, a3r);
        TVector o0r = S.Load(p + stride);
        TVector o0i = S.Load(p + stride + 8);
        S.Store(p, S.Add(e0r, o0r));
        S.Store(p + 8, S.Add(e0i, o0i));
        S.Store(p + (4 * stride), S.Subtract(e0r, o0r));
        S.Store(p + (4 * stride) + 8, S.Subtract(e0i, o0i));
        TVector o1r = S.Load(p + (5 * stride));
        TVector o1i = S.Load(p + (5 * stride) + 8);
        S.Store(p + stride, S.MultiplyAdd(o1r, half, e1r));
        S.Store(p + stride + 8, S.MultiplyAdd(o1i, half, e1i));
        S.Store(p + (5 * stride), S.NegateMultiplyAdd(o1r, half, e1r));
        S.Store(p + (5 * stride) + 8, S.NegateMultiplyAdd(o1i, half, e1i));
        TVector o2r = S.Load(p + (3 * stride));
        TVector o2i = S.Load(p + (3 * stride) + 8);
        S.Store(p + (2 * stride), S.Subtract(e2r, o2i));
        S.Store(p + (2 * stride) + 8, S.Add(e2i, o2r));
        S.Store(p + (6 * stride), S.Add(e2r, o2i));
        S.Store(p + (6 * stride) + 8, S.Subtract(e2i, o2r));
        TVector o3r = S.Load(p + (7 * stride));
        TVector o3i = S.Load(p + (7 * stride) + 8);
        S.Store(p + (3 * stride), S.NegateMultiplyAdd(o3r, half, e3r));
        S.Store(p + (3 * stride) + 8, S.MultiplyAdd(o3i, half, e3i));
        S.Store(p + (7 * stride), S.MultiplyAdd(o3r, half, e3r));
        S.Store(p + (7 * stride) + 8, S.NegateMultiplyAdd(o3i, half, e3i));
    }

    /// <summary>First half of the inverse: its odd outputs, from the differences d_s = x_s − x_(s+4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InverseOdd(TVector d0r, TVector d0i, TVector d1r, TVector d1i, TVector d2r, TVector d2i, TVector d3r, TVector d3i, double* twiddles, double* p, nint stride)
    {
        TVector half = S.Create(FourierPlan.HalfRoot);
        TVector o1r = S.Add(d1r, d3i);
        TVector o1i = S.Subtract(d1i, d3r);
        TVector o3r = S.Subtract(d1r, d3i);
        TVector o3i = S.Add(d1i, d3r);
        TVector e1r = S.Add(d0r, d2i);
        TVector e1i = S.Subtract(d0i, d2r);
        TVector e3r = S.Subtract(d0r, d2i);
        TVector e3i = S.Add(d0i, d2r);
        TVector p1r = S.Add(o1r, o1i);
        TVector p1i = S.Subtract(o1i, o1r);
        TVector p3r = S.Subtract(o3r, o3i);
        TVector p3i = S.Add(o3r, o3i);
        TVector y1r = S.MultiplyAdd(p1r, half, e1r);
        TVector y1i = S.MultiplyAdd(p1i, half, e1i);
        S.Store(p + stride, ComplexProduct<S, TVector>.ConjRe(y1r, y1i, T.Re(twiddles, 1), T.Im(twiddles, 1)));
        S.Store(p + stride + 8, ComplexProduct<S, TVector>.ConjIm(y1r, y1i, T.Re(twiddles, 1), T.Im(twiddles, 1)));
        TVector y5r = S.NegateMultiplyAdd(p1r, half, e1r);
        TVector y5i = S.NegateMultiplyAdd(p1i, half, e1i);
        S.Store(p + (5 * stride), ComplexProduct<S, TVector>.ConjRe(y5r, y5i, T.Re(twiddles, 5), T.Im(twiddles, 5)));
        S.Store(p + (5 * stride) + 8, ComplexProduct<S, TVector>.ConjIm(y5r, y5i, T.Re(twiddles, 5), T.Im(twiddles, 5)));
        TVector y3r = S.NegateMultiplyAdd(p3r, half, e3r);
        TVector y3i = S.NegateMultiplyAdd(p3i, half, e3i);
        S.Store(p + (3 * stride), ComplexProduct<S, TVector>.ConjRe(y3r, y3i, T.Re(twiddles, 3), T.Im(twiddles, 3)));
        S.Store(p + (3 * stride) + 8, ComplexProduct<S, TVector>.ConjIm(y3r, y3i, T.Re(twiddles, 3), T.Im(twiddles, 3)));
        TVector y7r = S.MultiplyAdd(p3r, half, e3r);
        TVector y7i = S.MultiplyAdd(p3i, half, e3i);
        S.Store(p + (7 * stride), ComplexProduct<S, TVector>.ConjRe(y7r, y7i, T.Re(twiddles, 7), T.Im(twiddles, 7)));
        S.Store(p + (7 * stride) + 8, ComplexProduct<S, TVector>.ConjIm(y7r, y7i, T.Re(twiddles, 7), T.Im(twiddles, 7)));
    }

    /// <summary>Second half of the inverse: its even outputs, from the sums x_s + x_(s+4), which are in places 0, 2, 4, 6 for s = 0, 1, 2, 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InverseEven(double* twiddles, double* p, nint stride)
    {
        TVector a0r = S.Load(p);
        TVector a0i = S.Load(p + 8);
        TVector a2r = S.Load(p + (4 * stride));
        TVector a2i = S.Load(p + (4 * stride) + 8);
        TVector b0r = S.Load(p + (2 * stride));
        TVector b0i = S.Load(p + (2 * stride) + 8);
        TVector b2r = S.Load(p + (6 * stride));
        TVector b2i = S.Load(p + (6 * stride) + 8);
        TVector e0r = S.Add(a0r, a2r);
        TVector e0i = S.Add(a0i, a2i);
        TVector e2r = S.Subtract(a0r, a2r);
        TVector e2i = S.Subtract(a0i, a2i);
        TVector o0r = S.Add(b0r, b2r);
        TVector o0i = S.Add(b0i, b2i);
        TVector o2r = S.Subtract(b0r, b2r);
        TVector o2i = S.Subtract(b0i, b2i);
        S.Store(p, S.Add(e0r, o0r));
        S.Store(p + 8, S.Add(e0i, o0i));
        TVector y4r = S.Subtract(e0r, o0r);
        TVector y4i = S.Subtract(e0i, o0i);
        S.Store(p + (4 * stride), ComplexProduct<S, TVector>.ConjRe(y4r, y4i, T.Re(twiddles, 4), T.Im(twiddles, 4)));
        S.Store(p + (4 * stride) + 8, ComplexProduct<S, TVector>.ConjIm(y4r, y4i, T.Re(twiddles, 4), T.Im(twiddles, 4)));
        TVector y2r = S.Add(e2r, o2i);
        TVector y2i = S.Subtract(e2i, o2r);
        S.Store(p + (2 * stride), ComplexProduct<S, TVector>.ConjRe(y2r, y2i, T.Re(twiddles, 2), T.Im(twiddles, 2)));
        S.Store(p + (2 * stride) + 8, ComplexProduct<S, TVector>.ConjIm(y2r, y2i, T.Re(twiddles, 2), T.Im(twiddles, 2)));
        TVector y6r = S.Subtract(e2r, o2i);
        TVector y6i = S.Add(e2i, o2r);
        S.Store(p + (6 * stride), ComplexProduct<S, TVector>.ConjRe(y6r, y6i, T.Re(twiddles, 6), T.Im(twiddles, 6)));
        S.Store(p + (6 * stride) + 8, ComplexProduct<S, TVector>.ConjIm(y6r, y6i, T.Re(twiddles, 6), T.Im(twiddles, 6)));
    }
}
