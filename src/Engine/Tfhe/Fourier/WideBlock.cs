using System.Runtime.CompilerServices;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>
/// The last 64 points of a transform with eight lanes: radix 4 three times, sixteen vectors in registers. The first stage and the exchange of lanes behind it are one half, the other two stages another,
/// with memory between them: a core looks ahead for some hundred operations, so what exchanges lanes (five cycles each on Zen 5) must have a neighbour that does not wait for it, another polynomial's sums
/// and products.
/// </summary>
/// <typeparam name="S">The instruction set.</typeparam>
/// <typeparam name="TVector">The register's type.</typeparam>
internal static unsafe class WideBlock<S, TVector>
    where S : struct, IWideSimd<TVector>
    where TVector : unmanaged
{
    /// <summary>The first half of a block's transform, in place.</summary>
    /// <param name="data">Eight vectors [8 re][8 im].</param>
    /// <param name="twiddles"><see cref="FourierPlan.BlockTwiddles"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BeginForward(double* data, double* twiddles)
    {
        // Points j, j + 16, j + 32, j + 48: twice eight butterflies, with children s = 0 to 3 of 16 points, e_s the first eight and o_s the others.
        TVector u1r = S.Broadcast(twiddles), u1i = S.Broadcast(twiddles + 1), u2r = S.Broadcast(twiddles + 2);
        TVector u2i = S.Broadcast(twiddles + 3), u3r = S.Broadcast(twiddles + 4), u3i = S.Broadcast(twiddles + 5);
        Radix4<S, TVector>.ForwardInRegisters(
            S.Load(data), S.Load(data + 8), S.Load(data + 32), S.Load(data + 40), S.Load(data + 64), S.Load(data + 72), S.Load(data + 96), S.Load(data + 104), u1r, u1i, u2r, u2i, u3r, u3i,
            out TVector e0r, out TVector e0i, out TVector e1r, out TVector e1i, out TVector e2r, out TVector e2i, out TVector e3r, out TVector e3i);
        Radix4<S, TVector>.ForwardInRegisters(
            S.Load(data + 16), S.Load(data + 24), S.Load(data + 48), S.Load(data + 56), S.Load(data + 80), S.Load(data + 88), S.Load(data + 112), S.Load(data + 120), u1r, u1i, u2r, u2i, u3r, u3i,
            out TVector o0r, out TVector o0i, out TVector o1r, out TVector o1i, out TVector o2r, out TVector o2i, out TVector o3r, out TVector o3i);

        // Lanes 2s and 2s + 1 become child s's: points 0 and 1 of each first, 2 and 3 next, and so on.
        Transpose(e0r, e1r, e2r, e3r, data);
        Transpose(e0i, e1i, e2i, e3i, data + 8);
        Transpose(o0r, o1r, o2r, o3r, data + 16);
        Transpose(o0i, o1i, o2i, o3i, data + 24);
    }

    /// <summary>The second half.</summary>
    /// <param name="source">What the first left.</param>
    /// <param name="target">The values; may be the source.</param>
    /// <param name="twiddles">As before.</param>
    /// <param name="prefetch">The first of eight lines to prefetch on the way.</param>
    /// <param name="prefetchStep">Bytes from one to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void EndForward(double* source, double* target, double* twiddles, byte* prefetch, nint prefetchStep)
    {
        // Points j, j + 4, j + 8, j + 12 of each child, first j = 0 and 1, then j = 2 and 3; children c = 0 to 3 of four points.
        double* lanes = twiddles + FourierPlan.WideLanes;
        TVector v1r = S.Load(lanes), v1i = S.Load(lanes + 8), v2r = S.Load(lanes + 16), v2i = S.Load(lanes + 24), v3r = S.Load(lanes + 32), v3i = S.Load(lanes + 40);
        S.Prefetch(prefetch);
        S.Prefetch(prefetch + prefetchStep);
        Radix4<S, TVector>.ForwardInRegisters(
            S.Load(source), S.Load(source + 8), S.Load(source + 64), S.Load(source + 72), S.Load(source + 16), S.Load(source + 24), S.Load(source + 80), S.Load(source + 88), v1r, v1i, v2r, v2i, v3r, v3i,
            out TVector a0r, out TVector a0i, out TVector a1r, out TVector a1i, out TVector a2r, out TVector a2i, out TVector a3r, out TVector a3i);
        S.Prefetch(prefetch + (2 * prefetchStep));
        S.Prefetch(prefetch + (3 * prefetchStep));
        Radix4<S, TVector>.ForwardInRegisters(
            S.Load(source + 32), S.Load(source + 40), S.Load(source + 96), S.Load(source + 104), S.Load(source + 48), S.Load(source + 56), S.Load(source + 112), S.Load(source + 120), v1r, v1i, v2r, v2i, v3r, v3i,
            out TVector b0r, out TVector b0i, out TVector b1r, out TVector b1i, out TVector b2r, out TVector b2i, out TVector b3r, out TVector b3i);
        S.Prefetch(prefetch + (4 * prefetchStep));
        S.Prefetch(prefetch + (5 * prefetchStep));

        // Lane 2s + c: the four points of child c = 0 or 1 of s, then of c = 2 or 3.
        lanes += FourierPlan.WideStage;
        Radix4<S, TVector>.Forward(
            S.InterleaveEven(a0r, a1r), S.InterleaveEven(a0i, a1i), S.InterleaveOdd(a0r, a1r), S.InterleaveOdd(a0i, a1i), S.InterleaveEven(b0r, b1r), S.InterleaveEven(b0i, b1i), S.InterleaveOdd(b0r, b1r), S.InterleaveOdd(b0i, b1i),
            S.Load(lanes), S.Load(lanes + 8), S.Load(lanes + 16), S.Load(lanes + 24), S.Load(lanes + 32), S.Load(lanes + 40), target, target + 16, target + 32, target + 48);
        S.Prefetch(prefetch + (6 * prefetchStep));
        S.Prefetch(prefetch + (7 * prefetchStep));
        lanes += FourierPlan.WideStage;
        target += 64;
        Radix4<S, TVector>.Forward(
            S.InterleaveEven(a2r, a3r), S.InterleaveEven(a2i, a3i), S.InterleaveOdd(a2r, a3r), S.InterleaveOdd(a2i, a3i), S.InterleaveEven(b2r, b3r), S.InterleaveEven(b2i, b3i), S.InterleaveOdd(b2r, b3r), S.InterleaveOdd(b2i, b3i),
            S.Load(lanes), S.Load(lanes + 8), S.Load(lanes + 16), S.Load(lanes + 24), S.Load(lanes + 32), S.Load(lanes + 40), target, target + 16, target + 32, target + 48);
    }

    /// <summary>Undoes <see cref="EndForward"/> but for a factor of 16, in place.</summary>
    /// <param name="data">The 64 values.</param>
    /// <param name="twiddles">As before.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BeginInverse(double* data, double* twiddles)
    {
        double* lanes = twiddles + FourierPlan.WideLanes + FourierPlan.WideStage;
        Radix4<S, TVector>.InverseInRegisters(
            S.Load(data), S.Load(data + 8), S.Load(data + 16), S.Load(data + 24), S.Load(data + 32), S.Load(data + 40), S.Load(data + 48), S.Load(data + 56),
            S.Load(lanes), S.Load(lanes + 8), S.Load(lanes + 16), S.Load(lanes + 24), S.Load(lanes + 32), S.Load(lanes + 40),
            out TVector r0r, out TVector r0i, out TVector r1r, out TVector r1i, out TVector r2r, out TVector r2i, out TVector r3r, out TVector r3i);
        lanes += FourierPlan.WideStage;
        Radix4<S, TVector>.InverseInRegisters(
            S.Load(data + 64), S.Load(data + 72), S.Load(data + 80), S.Load(data + 88), S.Load(data + 96), S.Load(data + 104), S.Load(data + 112), S.Load(data + 120),
            S.Load(lanes), S.Load(lanes + 8), S.Load(lanes + 16), S.Load(lanes + 24), S.Load(lanes + 32), S.Load(lanes + 40),
            out TVector s0r, out TVector s0i, out TVector s1r, out TVector s1i, out TVector s2r, out TVector s2i, out TVector s3r, out TVector s3i);
        lanes = twiddles + FourierPlan.WideLanes;
        TVector v1r = S.Load(lanes), v1i = S.Load(lanes + 8), v2r = S.Load(lanes + 16), v2i = S.Load(lanes + 24), v3r = S.Load(lanes + 32), v3i = S.Load(lanes + 40);
        Radix4<S, TVector>.Inverse(
            S.InterleaveEven(r0r, r1r), S.InterleaveEven(r0i, r1i), S.InterleaveOdd(r0r, r1r), S.InterleaveOdd(r0i, r1i), S.InterleaveEven(s0r, s1r), S.InterleaveEven(s0i, s1i), S.InterleaveOdd(s0r, s1r), S.InterleaveOdd(s0i, s1i),
            v1r, v1i, v2r, v2i, v3r, v3i, data, data + 64, data + 16, data + 80);
        Radix4<S, TVector>.Inverse(
            S.InterleaveEven(r2r, r3r), S.InterleaveEven(r2i, r3i), S.InterleaveOdd(r2r, r3r), S.InterleaveOdd(r2i, r3i), S.InterleaveEven(s2r, s3r), S.InterleaveEven(s2i, s3i), S.InterleaveOdd(s2r, s3r), S.InterleaveOdd(s2i, s3i),
            v1r, v1i, v2r, v2i, v3r, v3i, data + 32, data + 96, data + 48, data + 112);
    }

    /// <summary>Undoes <see cref="BeginForward"/> but for a factor of 4.</summary>
    /// <param name="source">What <see cref="BeginInverse"/> left.</param>
    /// <param name="target">The points; may be the source.</param>
    /// <param name="twiddles">As before.</param>
    /// <param name="prefetch">The first of eight lines to prefetch on the way.</param>
    /// <param name="prefetchStep">Bytes from one to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void EndInverse(double* source, double* target, double* twiddles, byte* prefetch, nint prefetchStep)
    {
        TVector u1r = S.Broadcast(twiddles), u1i = S.Broadcast(twiddles + 1), u2r = S.Broadcast(twiddles + 2);
        TVector u2i = S.Broadcast(twiddles + 3), u3r = S.Broadcast(twiddles + 4), u3i = S.Broadcast(twiddles + 5);
        S.Prefetch(prefetch);
        S.Prefetch(prefetch + prefetchStep);
        Transpose(source, out TVector e0r, out TVector e1r, out TVector e2r, out TVector e3r);
        Transpose(source + 8, out TVector e0i, out TVector e1i, out TVector e2i, out TVector e3i);
        S.Prefetch(prefetch + (2 * prefetchStep));
        S.Prefetch(prefetch + (3 * prefetchStep));
        Transpose(source + 16, out TVector o0r, out TVector o1r, out TVector o2r, out TVector o3r);
        Transpose(source + 24, out TVector o0i, out TVector o1i, out TVector o2i, out TVector o3i);
        S.Prefetch(prefetch + (4 * prefetchStep));
        S.Prefetch(prefetch + (5 * prefetchStep));
        Radix4<S, TVector>.Inverse(e0r, e0i, e1r, e1i, e2r, e2i, e3r, e3i, u1r, u1i, u2r, u2i, u3r, u3i, target, target + 32, target + 64, target + 96);
        S.Prefetch(prefetch + (6 * prefetchStep));
        S.Prefetch(prefetch + (7 * prefetchStep));
        Radix4<S, TVector>.Inverse(o0r, o0i, o1r, o1i, o2r, o2i, o3r, o3i, u1r, u1i, u2r, u2i, u3r, u3i, target + 16, target + 48, target + 80, target + 112);
    }

    /// <summary>Pairs of lanes as a matrix of four by four, transposed, into every second vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(TVector a0, TVector a1, TVector a2, TVector a3, double* target)
    {
        TVector p = S.EvenPairs(a0, a1), q = S.EvenPairs(a2, a3), r = S.OddPairs(a0, a1), s = S.OddPairs(a2, a3);
        S.Store(target, S.EvenPairs(p, q));
        S.Store(target + 32, S.EvenPairs(r, s));
        S.Store(target + 64, S.OddPairs(p, q));
        S.Store(target + 96, S.OddPairs(r, s));
    }

    /// <summary>The same from every second vector into registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(double* source, out TVector a0, out TVector a1, out TVector a2, out TVector a3)
    {
        TVector b0 = S.Load(source), b1 = S.Load(source + 32), b2 = S.Load(source + 64), b3 = S.Load(source + 96);
        TVector p = S.EvenPairs(b0, b1), q = S.EvenPairs(b2, b3), r = S.OddPairs(b0, b1), s = S.OddPairs(b2, b3);
        a0 = S.EvenPairs(p, q);
        a1 = S.EvenPairs(r, s);
        a2 = S.OddPairs(p, q);
        a3 = S.OddPairs(r, s);
    }
}
