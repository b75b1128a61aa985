using System.Runtime.CompilerServices;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <content>The last 64 points of a transform.</content>
internal static unsafe partial class FourierKernel<S, TVector>
{
    /// <summary>
    /// Transforms one 64-point block modulo X^64 − w to its 64 values: radix 8 across vectors with one twiddle a vector, an
    /// 8×8 transpose, radix 8 with one twiddle a lane. Value (lane s, vector t) is that of the root child t of child s.
    /// </summary>
    /// <param name="source">Eight vectors [8 re][8 im].</param>
    /// <param name="target">Likewise; may be the source.</param>
    /// <param name="scalar">u^1 to u^7 as (re, im), u = w^(1/8).</param>
    /// <param name="vector">u_s^1 to u_s^7 as [8 re][8 im], lane s for child s.</param>
    /// <param name="prefetch">The first of eight lines to prefetch on the way.</param>
    /// <param name="prefetchStep">Bytes from one of these lines to the next: 64, or 0 to prefetch one line only.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward64(double* source, double* target, double* scalar, double* vector, byte* prefetch, nint prefetchStep)
    {
        if (S.FitsRegisters)
        {
            Forward64InRegisters(source, target, scalar, vector, prefetch, prefetchStep);
            return;
        }

        if (source != target)
        {
            Copy64(source, target);
        }

        Forward8(target, 64, 64, scalar);
        Transpose8(target);
        Transpose8(target + 8);
        ForwardLanes8(target, vector);
    }

    /// <summary>Undoes <see cref="Forward64"/> but for a factor of 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inverse64(double* source, double* target, double* scalar, double* vector, byte* prefetch, nint prefetchStep)
    {
        if (S.FitsRegisters)
        {
            Inverse64InRegisters(source, target, scalar, vector, prefetch, prefetchStep);
            return;
        }

        if (source != target)
        {
            Copy64(source, target);
        }

        InverseLanes8(target, vector);
        Transpose8(target);
        Transpose8(target + 8);
        Inverse8(target, 64, 64, scalar);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward64InRegisters(double* source, double* target, double* scalar, double* vector, byte* prefetch, nint prefetchStep)
    {
        TVector half = S.Create(HalfRoot);
        TVector x0r = S.Load(source + 0);
        TVector x0i = S.Load(source + 8);
        TVector x1r = S.Load(source + 16);
        TVector x1i = S.Load(source + 24);
        TVector x2r = S.Load(source + 32);
        TVector x2i = S.Load(source + 40);
        TVector x3r = S.Load(source + 48);
        TVector x3i = S.Load(source + 56);
        TVector x4r = S.Load(source + 64);
        TVector x4i = S.Load(source + 72);
        TVector x5r = S.Load(source + 80);
        TVector x5i = S.Load(source + 88);
        TVector x6r = S.Load(source + 96);
        Prefetch(prefetch);
        TVector x6i = S.Load(source + 104);
        TVector x7r = S.Load(source + 112);
        TVector x7i = S.Load(source + 120);
        TVector t0r = x0r;
        TVector t0i = x0i;
        TVector t1r = MultiplyRe(x1r, x1i, S.Broadcast(scalar + 0), S.Broadcast(scalar + 1));
        TVector t1i = MultiplyIm(x1r, x1i, S.Broadcast(scalar + 0), S.Broadcast(scalar + 1));
        TVector t2r = MultiplyRe(x2r, x2i, S.Broadcast(scalar + 2), S.Broadcast(scalar + 3));
        TVector t2i = MultiplyIm(x2r, x2i, S.Broadcast(scalar + 2), S.Broadcast(scalar + 3));
        TVector t3r = MultiplyRe(x3r, x3i, S.Broadcast(scalar + 4), S.Broadcast(scalar + 5));
        TVector t3i = MultiplyIm(x3r, x3i, S.Broadcast(scalar + 4), S.Broadcast(scalar + 5));
        TVector t4r = MultiplyRe(x4r, x4i, S.Broadcast(scalar + 6), S.Broadcast(scalar + 7));
        TVector t4i = MultiplyIm(x4r, x4i, S.Broadcast(scalar + 6), S.Broadcast(scalar + 7));
        TVector t5r = MultiplyRe(x5r, x5i, S.Broadcast(scalar + 8), S.Broadcast(scalar + 9));
        TVector t5i = MultiplyIm(x5r, x5i, S.Broadcast(scalar + 8), S.Broadcast(scalar + 9));
        TVector t6r = MultiplyRe(x6r, x6i, S.Broadcast(scalar + 10), S.Broadcast(scalar + 11));
        TVector t6i = MultiplyIm(x6r, x6i, S.Broadcast(scalar + 10), S.Broadcast(scalar + 11));
        TVector t7r = MultiplyRe(x7r, x7i, S.Broadcast(scalar + 12), S.Broadcast(scalar + 13));
        TVector t7i = MultiplyIm(x7r, x7i, S.Broadcast(scalar + 12), S.Broadcast(scalar + 13));
        TVector ca0r = S.Add(t0r, t4r);
        TVector ca0i = S.Add(t0i, t4i);
        TVector ca1r = S.Subtract(t0r, t4r);
        TVector ca1i = S.Subtract(t0i, t4i);
        TVector ca2r = S.Add(t2r, t6r);
        TVector ca2i = S.Add(t2i, t6i);
        TVector ca3r = S.Subtract(t2r, t6r);
        TVector ca3i = S.Subtract(t2i, t6i);
        Prefetch(prefetch + prefetchStep);
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
        Prefetch(prefetch + (2 * prefetchStep));
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
        TVector zu0r = S.InterleaveEven(y0r, y1r);
        TVector zu1r = S.InterleaveOdd(y0r, y1r);
        TVector zu2r = S.InterleaveEven(y2r, y3r);
        TVector zu3r = S.InterleaveOdd(y2r, y3r);
        TVector zu4r = S.InterleaveEven(y4r, y5r);
        TVector zu5r = S.InterleaveOdd(y4r, y5r);
        TVector zu6r = S.InterleaveEven(y6r, y7r);
        TVector zu7r = S.InterleaveOdd(y6r, y7r);
        TVector zv0ar = S.EvenPairs(zu0r, zu2r);
        TVector zv0br = S.EvenPairs(zu4r, zu6r);
        Prefetch(prefetch + (3 * prefetchStep));
        TVector zv0cr = S.OddPairs(zu0r, zu2r);
        TVector zv0dr = S.OddPairs(zu4r, zu6r);
        TVector z0r = S.EvenPairs(zv0ar, zv0br);
        TVector z4r = S.OddPairs(zv0ar, zv0br);
        TVector z2r = S.EvenPairs(zv0cr, zv0dr);
        TVector z6r = S.OddPairs(zv0cr, zv0dr);
        TVector zv1ar = S.EvenPairs(zu1r, zu3r);
        TVector zv1br = S.EvenPairs(zu5r, zu7r);
        TVector zv1cr = S.OddPairs(zu1r, zu3r);
        TVector zv1dr = S.OddPairs(zu5r, zu7r);
        TVector z1r = S.EvenPairs(zv1ar, zv1br);
        TVector z5r = S.OddPairs(zv1ar, zv1br);
        TVector z3r = S.EvenPairs(zv1cr, zv1dr);
        TVector z7r = S.OddPairs(zv1cr, zv1dr);
        TVector zu0i = S.InterleaveEven(y0i, y1i);
        TVector zu1i = S.InterleaveOdd(y0i, y1i);
        TVector zu2i = S.InterleaveEven(y2i, y3i);
        TVector zu3i = S.InterleaveOdd(y2i, y3i);
        TVector zu4i = S.InterleaveEven(y4i, y5i);
        TVector zu5i = S.InterleaveOdd(y4i, y5i);
        TVector zu6i = S.InterleaveEven(y6i, y7i);
        TVector zu7i = S.InterleaveOdd(y6i, y7i);
        TVector zv0ai = S.EvenPairs(zu0i, zu2i);
        TVector zv0bi = S.EvenPairs(zu4i, zu6i);
        TVector zv0ci = S.OddPairs(zu0i, zu2i);
        TVector zv0di = S.OddPairs(zu4i, zu6i);
        TVector z0i = S.EvenPairs(zv0ai, zv0bi);
        TVector z4i = S.OddPairs(zv0ai, zv0bi);
        Prefetch(prefetch + (4 * prefetchStep));
        TVector z2i = S.EvenPairs(zv0ci, zv0di);
        TVector z6i = S.OddPairs(zv0ci, zv0di);
        TVector zv1ai = S.EvenPairs(zu1i, zu3i);
        TVector zv1bi = S.EvenPairs(zu5i, zu7i);
        TVector zv1ci = S.OddPairs(zu1i, zu3i);
        TVector zv1di = S.OddPairs(zu5i, zu7i);
        TVector z1i = S.EvenPairs(zv1ai, zv1bi);
        TVector z5i = S.OddPairs(zv1ai, zv1bi);
        TVector z3i = S.EvenPairs(zv1ci, zv1di);
        TVector z7i = S.OddPairs(zv1ci, zv1di);
        TVector w0r = z0r;
        TVector w0i = z0i;
        TVector w1r = MultiplyRe(z1r, z1i, S.Load(vector + 0), S.Load(vector + 8));
        TVector w1i = MultiplyIm(z1r, z1i, S.Load(vector + 0), S.Load(vector + 8));
        TVector w2r = MultiplyRe(z2r, z2i, S.Load(vector + 16), S.Load(vector + 24));
        TVector w2i = MultiplyIm(z2r, z2i, S.Load(vector + 16), S.Load(vector + 24));
        TVector w3r = MultiplyRe(z3r, z3i, S.Load(vector + 32), S.Load(vector + 40));
        TVector w3i = MultiplyIm(z3r, z3i, S.Load(vector + 32), S.Load(vector + 40));
        TVector w4r = MultiplyRe(z4r, z4i, S.Load(vector + 48), S.Load(vector + 56));
        TVector w4i = MultiplyIm(z4r, z4i, S.Load(vector + 48), S.Load(vector + 56));
        TVector w5r = MultiplyRe(z5r, z5i, S.Load(vector + 64), S.Load(vector + 72));
        TVector w5i = MultiplyIm(z5r, z5i, S.Load(vector + 64), S.Load(vector + 72));
        TVector w6r = MultiplyRe(z6r, z6i, S.Load(vector + 80), S.Load(vector + 88));
        TVector w6i = MultiplyIm(z6r, z6i, S.Load(vector + 80), S.Load(vector + 88));
        TVector w7r = MultiplyRe(z7r, z7i, S.Load(vector + 96), S.Load(vector + 104));
        TVector w7i = MultiplyIm(z7r, z7i, S.Load(vector + 96), S.Load(vector + 104));
        TVector da0r = S.Add(w0r, w4r);
        Prefetch(prefetch + (5 * prefetchStep));
        TVector da0i = S.Add(w0i, w4i);
        TVector da1r = S.Subtract(w0r, w4r);
        TVector da1i = S.Subtract(w0i, w4i);
        TVector da2r = S.Add(w2r, w6r);
        TVector da2i = S.Add(w2i, w6i);
        TVector da3r = S.Subtract(w2r, w6r);
        TVector da3i = S.Subtract(w2i, w6i);
        TVector db0r = S.Add(w1r, w5r);
        TVector db0i = S.Add(w1i, w5i);
        TVector db1r = S.Subtract(w1r, w5r);
        TVector db1i = S.Subtract(w1i, w5i);
        TVector db2r = S.Add(w3r, w7r);
        TVector db2i = S.Add(w3i, w7i);
        TVector db3r = S.Subtract(w3r, w7r);
        TVector db3i = S.Subtract(w3i, w7i);
        TVector de0r = S.Add(da0r, da2r);
        TVector de0i = S.Add(da0i, da2i);
        TVector de2r = S.Subtract(da0r, da2r);
        TVector de2i = S.Subtract(da0i, da2i);
        TVector de1r = S.Subtract(da1r, da3i);
        TVector de1i = S.Add(da1i, da3r);
        TVector de3r = S.Add(da1r, da3i);
        TVector de3i = S.Subtract(da1i, da3r);
        TVector do0r = S.Add(db0r, db2r);
        TVector do0i = S.Add(db0i, db2i);
        TVector do2r = S.Subtract(db0r, db2r);
        TVector do2i = S.Subtract(db0i, db2i);
        Prefetch(prefetch + (6 * prefetchStep));
        TVector do1r = S.Subtract(db1r, db3i);
        TVector do1i = S.Add(db1i, db3r);
        TVector do3r = S.Add(db1r, db3i);
        TVector do3i = S.Subtract(db1i, db3r);
        TVector dp1r = S.Subtract(do1r, do1i);
        TVector dp1i = S.Add(do1i, do1r);
        TVector dp3r = S.Add(do3r, do3i);
        TVector dp3i = S.Subtract(do3r, do3i);
        TVector o0r = S.Add(de0r, do0r);
        TVector o0i = S.Add(de0i, do0i);
        TVector o4r = S.Subtract(de0r, do0r);
        TVector o4i = S.Subtract(de0i, do0i);
        TVector o2r = S.Subtract(de2r, do2i);
        TVector o2i = S.Add(de2i, do2r);
        TVector o6r = S.Add(de2r, do2i);
        TVector o6i = S.Subtract(de2i, do2r);
        TVector o1r = S.MultiplyAdd(dp1r, half, de1r);
        TVector o1i = S.MultiplyAdd(dp1i, half, de1i);
        TVector o5r = S.NegateMultiplyAdd(dp1r, half, de1r);
        TVector o5i = S.NegateMultiplyAdd(dp1i, half, de1i);
        TVector o3r = S.NegateMultiplyAdd(dp3r, half, de3r);
        TVector o3i = S.MultiplyAdd(dp3i, half, de3i);
        TVector o7r = S.MultiplyAdd(dp3r, half, de3r);
        TVector o7i = S.NegateMultiplyAdd(dp3i, half, de3i);
        S.Store(target + 0, o0r);
        S.Store(target + 8, o0i);
        S.Store(target + 16, o1r);
        Prefetch(prefetch + (7 * prefetchStep));
        S.Store(target + 24, o1i);
        S.Store(target + 32, o2r);
        S.Store(target + 40, o2i);
        S.Store(target + 48, o3r);
        S.Store(target + 56, o3i);
        S.Store(target + 64, o4r);
        S.Store(target + 72, o4i);
        S.Store(target + 80, o5r);
        S.Store(target + 88, o5i);
        S.Store(target + 96, o6r);
        S.Store(target + 104, o6i);
        S.Store(target + 112, o7r);
        S.Store(target + 120, o7i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Inverse64InRegisters(double* source, double* target, double* scalar, double* vector, byte* prefetch, nint prefetchStep)
    {
        TVector half = S.Create(HalfRoot);
        TVector x0r = S.Load(source + 0);
        TVector x0i = S.Load(source + 8);
        TVector x1r = S.Load(source + 16);
        TVector x1i = S.Load(source + 24);
        TVector x2r = S.Load(source + 32);
        TVector x2i = S.Load(source + 40);
        TVector x3r = S.Load(source + 48);
        TVector x3i = S.Load(source + 56);
        TVector x4r = S.Load(source + 64);
        TVector x4i = S.Load(source + 72);
        TVector x5r = S.Load(source + 80);
        TVector x5i = S.Load(source + 88);
        TVector x6r = S.Load(source + 96);
        Prefetch(prefetch);
        TVector x6i = S.Load(source + 104);
        TVector x7r = S.Load(source + 112);
        TVector x7i = S.Load(source + 120);
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
        Prefetch(prefetch + prefetchStep);
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
        Prefetch(prefetch + (2 * prefetchStep));
        TVector y7i = S.MultiplyAdd(cp3i, half, ce3i);
        TVector t0r = y0r;
        TVector t0i = y0i;
        TVector t1r = MultiplyConjRe(y1r, y1i, S.Load(vector + 0), S.Load(vector + 8));
        TVector t1i = MultiplyConjIm(y1r, y1i, S.Load(vector + 0), S.Load(vector + 8));
        TVector t2r = MultiplyConjRe(y2r, y2i, S.Load(vector + 16), S.Load(vector + 24));
        TVector t2i = MultiplyConjIm(y2r, y2i, S.Load(vector + 16), S.Load(vector + 24));
        TVector t3r = MultiplyConjRe(y3r, y3i, S.Load(vector + 32), S.Load(vector + 40));
        TVector t3i = MultiplyConjIm(y3r, y3i, S.Load(vector + 32), S.Load(vector + 40));
        TVector t4r = MultiplyConjRe(y4r, y4i, S.Load(vector + 48), S.Load(vector + 56));
        TVector t4i = MultiplyConjIm(y4r, y4i, S.Load(vector + 48), S.Load(vector + 56));
        TVector t5r = MultiplyConjRe(y5r, y5i, S.Load(vector + 64), S.Load(vector + 72));
        TVector t5i = MultiplyConjIm(y5r, y5i, S.Load(vector + 64), S.Load(vector + 72));
        TVector t6r = MultiplyConjRe(y6r, y6i, S.Load(vector + 80), S.Load(vector + 88));
        TVector t6i = MultiplyConjIm(y6r, y6i, S.Load(vector + 80), S.Load(vector + 88));
        TVector t7r = MultiplyConjRe(y7r, y7i, S.Load(vector + 96), S.Load(vector + 104));
        TVector t7i = MultiplyConjIm(y7r, y7i, S.Load(vector + 96), S.Load(vector + 104));
        TVector zu0r = S.InterleaveEven(t0r, t1r);
        TVector zu1r = S.InterleaveOdd(t0r, t1r);
        TVector zu2r = S.InterleaveEven(t2r, t3r);
        TVector zu3r = S.InterleaveOdd(t2r, t3r);
        TVector zu4r = S.InterleaveEven(t4r, t5r);
        TVector zu5r = S.InterleaveOdd(t4r, t5r);
        TVector zu6r = S.InterleaveEven(t6r, t7r);
        TVector zu7r = S.InterleaveOdd(t6r, t7r);
        TVector zv0ar = S.EvenPairs(zu0r, zu2r);
        TVector zv0br = S.EvenPairs(zu4r, zu6r);
        Prefetch(prefetch + (3 * prefetchStep));
        TVector zv0cr = S.OddPairs(zu0r, zu2r);
        TVector zv0dr = S.OddPairs(zu4r, zu6r);
        TVector z0r = S.EvenPairs(zv0ar, zv0br);
        TVector z4r = S.OddPairs(zv0ar, zv0br);
        TVector z2r = S.EvenPairs(zv0cr, zv0dr);
        TVector z6r = S.OddPairs(zv0cr, zv0dr);
        TVector zv1ar = S.EvenPairs(zu1r, zu3r);
        TVector zv1br = S.EvenPairs(zu5r, zu7r);
        TVector zv1cr = S.OddPairs(zu1r, zu3r);
        TVector zv1dr = S.OddPairs(zu5r, zu7r);
        TVector z1r = S.EvenPairs(zv1ar, zv1br);
        TVector z5r = S.OddPairs(zv1ar, zv1br);
        TVector z3r = S.EvenPairs(zv1cr, zv1dr);
        TVector z7r = S.OddPairs(zv1cr, zv1dr);
        TVector zu0i = S.InterleaveEven(t0i, t1i);
        TVector zu1i = S.InterleaveOdd(t0i, t1i);
        TVector zu2i = S.InterleaveEven(t2i, t3i);
        TVector zu3i = S.InterleaveOdd(t2i, t3i);
        TVector zu4i = S.InterleaveEven(t4i, t5i);
        TVector zu5i = S.InterleaveOdd(t4i, t5i);
        TVector zu6i = S.InterleaveEven(t6i, t7i);
        TVector zu7i = S.InterleaveOdd(t6i, t7i);
        TVector zv0ai = S.EvenPairs(zu0i, zu2i);
        TVector zv0bi = S.EvenPairs(zu4i, zu6i);
        TVector zv0ci = S.OddPairs(zu0i, zu2i);
        TVector zv0di = S.OddPairs(zu4i, zu6i);
        TVector z0i = S.EvenPairs(zv0ai, zv0bi);
        TVector z4i = S.OddPairs(zv0ai, zv0bi);
        Prefetch(prefetch + (4 * prefetchStep));
        TVector z2i = S.EvenPairs(zv0ci, zv0di);
        TVector z6i = S.OddPairs(zv0ci, zv0di);
        TVector zv1ai = S.EvenPairs(zu1i, zu3i);
        TVector zv1bi = S.EvenPairs(zu5i, zu7i);
        TVector zv1ci = S.OddPairs(zu1i, zu3i);
        TVector zv1di = S.OddPairs(zu5i, zu7i);
        TVector z1i = S.EvenPairs(zv1ai, zv1bi);
        TVector z5i = S.OddPairs(zv1ai, zv1bi);
        TVector z3i = S.EvenPairs(zv1ci, zv1di);
        TVector z7i = S.OddPairs(zv1ci, zv1di);
        TVector da0r = S.Add(z0r, z4r);
        TVector da0i = S.Add(z0i, z4i);
        TVector da1r = S.Subtract(z0r, z4r);
        TVector da1i = S.Subtract(z0i, z4i);
        TVector da2r = S.Add(z2r, z6r);
        TVector da2i = S.Add(z2i, z6i);
        TVector da3r = S.Subtract(z2r, z6r);
        TVector da3i = S.Subtract(z2i, z6i);
        TVector db0r = S.Add(z1r, z5r);
        TVector db0i = S.Add(z1i, z5i);
        TVector db1r = S.Subtract(z1r, z5r);
        TVector db1i = S.Subtract(z1i, z5i);
        TVector db2r = S.Add(z3r, z7r);
        TVector db2i = S.Add(z3i, z7i);
        TVector db3r = S.Subtract(z3r, z7r);
        TVector db3i = S.Subtract(z3i, z7i);
        TVector de0r = S.Add(da0r, da2r);
        Prefetch(prefetch + (5 * prefetchStep));
        TVector de0i = S.Add(da0i, da2i);
        TVector de2r = S.Subtract(da0r, da2r);
        TVector de2i = S.Subtract(da0i, da2i);
        TVector de1r = S.Add(da1r, da3i);
        TVector de1i = S.Subtract(da1i, da3r);
        TVector de3r = S.Subtract(da1r, da3i);
        TVector de3i = S.Add(da1i, da3r);
        TVector do0r = S.Add(db0r, db2r);
        TVector do0i = S.Add(db0i, db2i);
        TVector do2r = S.Subtract(db0r, db2r);
        TVector do2i = S.Subtract(db0i, db2i);
        TVector do1r = S.Add(db1r, db3i);
        TVector do1i = S.Subtract(db1i, db3r);
        TVector do3r = S.Subtract(db1r, db3i);
        TVector do3i = S.Add(db1i, db3r);
        TVector dp1r = S.Add(do1r, do1i);
        TVector dp1i = S.Subtract(do1i, do1r);
        TVector dp3r = S.Subtract(do3r, do3i);
        TVector dp3i = S.Add(do3r, do3i);
        TVector w0r = S.Add(de0r, do0r);
        TVector w0i = S.Add(de0i, do0i);
        TVector w4r = S.Subtract(de0r, do0r);
        TVector w4i = S.Subtract(de0i, do0i);
        TVector w2r = S.Add(de2r, do2i);
        TVector w2i = S.Subtract(de2i, do2r);
        TVector w6r = S.Subtract(de2r, do2i);
        TVector w6i = S.Add(de2i, do2r);
        Prefetch(prefetch + (6 * prefetchStep));
        TVector w1r = S.MultiplyAdd(dp1r, half, de1r);
        TVector w1i = S.MultiplyAdd(dp1i, half, de1i);
        TVector w5r = S.NegateMultiplyAdd(dp1r, half, de1r);
        TVector w5i = S.NegateMultiplyAdd(dp1i, half, de1i);
        TVector w3r = S.NegateMultiplyAdd(dp3r, half, de3r);
        TVector w3i = S.NegateMultiplyAdd(dp3i, half, de3i);
        TVector w7r = S.MultiplyAdd(dp3r, half, de3r);
        TVector w7i = S.MultiplyAdd(dp3i, half, de3i);
        TVector o0r = w0r;
        TVector o0i = w0i;
        TVector o1r = MultiplyConjRe(w1r, w1i, S.Broadcast(scalar + 0), S.Broadcast(scalar + 1));
        TVector o1i = MultiplyConjIm(w1r, w1i, S.Broadcast(scalar + 0), S.Broadcast(scalar + 1));
        TVector o2r = MultiplyConjRe(w2r, w2i, S.Broadcast(scalar + 2), S.Broadcast(scalar + 3));
        TVector o2i = MultiplyConjIm(w2r, w2i, S.Broadcast(scalar + 2), S.Broadcast(scalar + 3));
        TVector o3r = MultiplyConjRe(w3r, w3i, S.Broadcast(scalar + 4), S.Broadcast(scalar + 5));
        TVector o3i = MultiplyConjIm(w3r, w3i, S.Broadcast(scalar + 4), S.Broadcast(scalar + 5));
        TVector o4r = MultiplyConjRe(w4r, w4i, S.Broadcast(scalar + 6), S.Broadcast(scalar + 7));
        TVector o4i = MultiplyConjIm(w4r, w4i, S.Broadcast(scalar + 6), S.Broadcast(scalar + 7));
        TVector o5r = MultiplyConjRe(w5r, w5i, S.Broadcast(scalar + 8), S.Broadcast(scalar + 9));
        TVector o5i = MultiplyConjIm(w5r, w5i, S.Broadcast(scalar + 8), S.Broadcast(scalar + 9));
        TVector o6r = MultiplyConjRe(w6r, w6i, S.Broadcast(scalar + 10), S.Broadcast(scalar + 11));
        TVector o6i = MultiplyConjIm(w6r, w6i, S.Broadcast(scalar + 10), S.Broadcast(scalar + 11));
        TVector o7r = MultiplyConjRe(w7r, w7i, S.Broadcast(scalar + 12), S.Broadcast(scalar + 13));
        TVector o7i = MultiplyConjIm(w7r, w7i, S.Broadcast(scalar + 12), S.Broadcast(scalar + 13));
        S.Store(target + 0, o0r);
        S.Store(target + 8, o0i);
        S.Store(target + 16, o1r);
        Prefetch(prefetch + (7 * prefetchStep));
        S.Store(target + 24, o1i);
        S.Store(target + 32, o2r);
        S.Store(target + 40, o2i);
        S.Store(target + 48, o3r);
        S.Store(target + 56, o3i);
        S.Store(target + 64, o4r);
        S.Store(target + 72, o4i);
        S.Store(target + 80, o5r);
        S.Store(target + 88, o5i);
        S.Store(target + 96, o6r);
        S.Store(target + 104, o6i);
        S.Store(target + 112, o7r);
        S.Store(target + 120, o7i);
    }
}
