using System.Runtime.CompilerServices;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>
/// The negacyclic transform's passes, for one instruction set. A polynomial of N real coefficients is folded to M = N/2
/// complex ones z_j = c_j + i·c_(j+M) in C[X]/(X^M − i). A block modulo X^m − w splits into r blocks modulo
/// X^(m/r) − u·ω^s with u = w^(1/r), ω = e^(2πi/r): y_s[j] = Σ_q x[j + q·m/r]·u^q·ω^(sq). Twiddles are constant over a block and
/// there is no separate twist (Bernstein, "The tangent FFT", section 2, the split-radix ring view); the order of the values
/// is never undone, since products are pointwise and the inverse mirrors the passes.
/// Data: vectors of eight points, [8 re][8 im], whatever the register's lanes.
/// </summary>
internal static unsafe partial class FourierKernel<S, TVector>
    where S : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Blocks whose first halves are done before any second one, which would wait for its own.</summary>
    private const int Together = 4;

    /// <summary>All passes down to blocks of 64 points.</summary>
    public static void ForwardPasses(double* data, FourierPlan plan, byte* key, nint keyStep)
    {
        foreach (FourierPass pass in plan.Passes(S.Lanes))
        {
            switch (pass.Radix)
            {
                case 2:
                    Forward2(data, plan.Points, pass.Size, pass.Twiddles);
                    break;
                case 4:
                    Forward4(data, plan.Points, pass.Size, pass.Twiddles, key, keyStep);
                    key += plan.Points / 32 * keyStep;
                    break;
                default:
                    Forward8(data, plan.Points, pass.Size, pass.Twiddles);
                    break;
            }
        }
    }

    /// <summary>Undoes <see cref="ForwardPasses"/> but for a factor.</summary>
    public static void InversePasses(double* data, FourierPlan plan, byte* key, nint keyStep)
    {
        FourierPass[] passes = plan.Passes(S.Lanes);
        for (int i = passes.Length - 1; i >= 0; i--)
        {
            FourierPass pass = passes[i];
            switch (pass.Radix)
            {
                case 2:
                    Inverse2(data, plan.Points, pass.Size, pass.Twiddles);
                    break;
                case 4:
                    Inverse4(data, plan.Points, pass.Size, pass.Twiddles, key, keyStep);
                    key += plan.Points / 32 * keyStep;
                    break;
                default:
                    Inverse8(data, plan.Points, pass.Size, pass.Twiddles);
                    break;
            }
        }
    }

    /// <summary>target = words + the numbers modulo 1, rounded to torus words: the end of an inverse transform.</summary>
    /// <param name="data">Folded numbers.</param>
    /// <param name="points">M = N/2.</param>
    /// <param name="words">N words.</param>
    /// <param name="target">N words: the sums; may be the same.</param>
    /// <param name="key">The next step's key: a prefetch for each register of points.</param>
    /// <param name="keyStep">Bytes from one to the next; 0 for nothing.</param>
    /// <param name="stream">What to prefetch on the way.</param>
    /// <param name="streamStep">Bytes from one line of it to the next, one for each register of complex numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddToTorus(double* data, int points, ulong* words, ulong* target, byte* key, nint keyStep, byte* stream, nint streamStep)
    {
        ulong* high = words + points;
        ulong* targetHigh = target + points;
        for (int t = 0; t < points; t += S.Lanes, key += keyStep, stream += streamStep)
        {
            S.Prefetch(key);
            S.Prefetch(stream);
            double* sum = data + Place(t);
            S.AddToTorus(words + t, target + t, S.Load(sum));
            S.AddToTorus(high + t, targetHigh + t, S.Load(sum + 8));
        }
    }

    /// <summary>The prefetches of <see cref="ForwardPasses"/>.</summary>
    public static int RequestsOfPasses(FourierPlan plan)
    {
        int passes = 0;
        foreach (FourierPass pass in plan.Passes(S.Lanes))
        {
            passes += pass.Radix == 4 ? 1 : 0;
        }

        return S.Lanes == 8 ? passes * (plan.Points / 32) : 0;
    }

    /// <summary>Where point <paramref name="t"/>'s real part lies, t being a multiple of the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Place(int t) => S.Lanes == 8 ? 2 * t : t + (t & ~7);

    /// <summary>The whole forward transform, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(double* data, FourierPlan plan)
    {
        ForwardPasses(data, plan, (byte*)data, 0);
        double* copy = stackalloc double[128];
        for (int first = 0; first < plan.Blocks; first += Together)
        {
            int end = Math.Min(plan.Blocks, first + Together);
            for (int b = first; b < end; b++)
            {
                S.BeginForward64(data + (128 * (nint)b), 0, 1, plan.BlockTwiddles(S.Lanes, b));
            }

            for (int b = first; b < end; b++)
            {
                double* block = data + (128 * (nint)b);
                S.EndForward64(Source(block, copy), 0, block, 0, 1, plan.BlockTwiddles(S.Lanes, b), (byte*)data, 0);
            }
        }
    }

    /// <summary>The whole inverse transform, in place, but for a factor of M.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(double* data, FourierPlan plan)
    {
        double* copy = stackalloc double[128];
        for (int first = 0; first < plan.Blocks; first += Together)
        {
            int end = Math.Min(plan.Blocks, first + Together);
            for (int b = first; b < end; b++)
            {
                S.BeginInverse64(data + (128 * (nint)b), 0, 1, plan.BlockTwiddles(S.Lanes, b));
            }

            for (int b = first; b < end; b++)
            {
                double* block = data + (128 * (nint)b);
                S.EndInverse64(Source(block, copy), 0, block, 0, 1, plan.BlockTwiddles(S.Lanes, b), (byte*)data, 0);
            }
        }

        InversePasses(data, plan, (byte*)data, 0);
    }

    /// <summary>Where a block is transformed from, to its own place: a copy, unless it is in registers before the first result is written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double* Source(double* block, double* copy)
    {
        if (S.Lanes > 2)
        {
            return block;
        }

        new Span<double>(block, 128).CopyTo(new Span<double>(copy, 128));
        return copy;
    }

    /// <summary>The next register of points: the eights' imaginary parts are skipped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double* Next(double* p, double* block)
    {
        if (S.Lanes == 8)
        {
            return p + 16;
        }

        nint next = (nint)(p + S.Lanes) - (nint)block;
        return (double*)((nint)block + next + (next & 64));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward2(double* data, int points, int size, double* twiddle)
    {
        nint stride = size / 2 * 2;
        double* end = data + (2 * (nint)points);
        for (double* block = data; block < end; block += 2 * stride, twiddle += 2)
        {
            TVector ur = S.Broadcast(twiddle), ui = S.Broadcast(twiddle + 1);
            for (double* p = block; p < block + stride; p = Next(p, block))
            {
                TVector x0r = S.Load(p), x0i = S.Load(p + 8);
                TVector x1r = S.Load(p + stride), x1i = S.Load(p + stride + 8);
                TVector t1r = ComplexProduct<S, TVector>.Re(x1r, x1i, ur, ui), t1i = ComplexProduct<S, TVector>.Im(x1r, x1i, ur, ui);
                S.Store(p, S.Add(x0r, t1r));
                S.Store(p + 8, S.Add(x0i, t1i));
                S.Store(p + stride, S.Subtract(x0r, t1r));
                S.Store(p + stride + 8, S.Subtract(x0i, t1i));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Inverse2(double* data, int points, int size, double* twiddle)
    {
        nint stride = size / 2 * 2;
        double* end = data + (2 * (nint)points);
        for (double* block = data; block < end; block += 2 * stride, twiddle += 2)
        {
            TVector ur = S.Broadcast(twiddle), ui = S.Broadcast(twiddle + 1);
            for (double* p = block; p < block + stride; p = Next(p, block))
            {
                TVector x0r = S.Load(p), x0i = S.Load(p + 8);
                TVector x1r = S.Load(p + stride), x1i = S.Load(p + stride + 8);
                TVector dr = S.Subtract(x0r, x1r), di = S.Subtract(x0i, x1i);
                S.Store(p, S.Add(x0r, x1r));
                S.Store(p + 8, S.Add(x0i, x1i));
                S.Store(p + stride, ComplexProduct<S, TVector>.ConjRe(dr, di, ur, ui));
                S.Store(p + stride + 8, ComplexProduct<S, TVector>.ConjIm(dr, di, ur, ui));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward4(double* data, int points, int size, double* twiddle, byte* key, nint keyStep)
    {
        nint stride = size / 4 * 2;
        double* end = data + (2 * (nint)points);
        for (double* block = data; block < end; block += 4 * stride, twiddle += 6)
        {
            TVector u1r = S.Broadcast(twiddle), u1i = S.Broadcast(twiddle + 1);
            TVector u2r = S.Broadcast(twiddle + 2), u2i = S.Broadcast(twiddle + 3);
            TVector u3r = S.Broadcast(twiddle + 4), u3i = S.Broadcast(twiddle + 5);
            for (double* p = block; p < block + stride; p += 16)
            {
                if (S.Lanes == 8)
                {
                    S.Prefetch(key);
                    key += keyStep;
                }

                Forward4At(p, stride, u1r, u1i, u2r, u2i, u3r, u3i);
                if (S.Lanes < 8)
                {
                    Forward4At(p + S.Lanes, stride, u1r, u1i, u2r, u2i, u3r, u3i);
                }

                if (S.Lanes < 4)
                {
                    Forward4At(p + (2 * S.Lanes), stride, u1r, u1i, u2r, u2i, u3r, u3i);
                    Forward4At(p + (3 * S.Lanes), stride, u1r, u1i, u2r, u2i, u3r, u3i);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Forward4At(double* p, nint stride, TVector u1r, TVector u1i, TVector u2r, TVector u2i, TVector u3r, TVector u3i)
    {
        double* p1 = p + stride;
        double* p2 = p1 + stride;
        double* p3 = p2 + stride;
        Radix4<S, TVector>.Forward(S.Load(p), S.Load(p + 8), S.Load(p1), S.Load(p1 + 8), S.Load(p2), S.Load(p2 + 8), S.Load(p3), S.Load(p3 + 8), u1r, u1i, u2r, u2i, u3r, u3i, p, p1, p2, p3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Inverse4(double* data, int points, int size, double* twiddle, byte* key, nint keyStep)
    {
        nint stride = size / 4 * 2;
        double* end = data + (2 * (nint)points);
        for (double* block = data; block < end; block += 4 * stride, twiddle += 6)
        {
            TVector u1r = S.Broadcast(twiddle), u1i = S.Broadcast(twiddle + 1);
            TVector u2r = S.Broadcast(twiddle + 2), u2i = S.Broadcast(twiddle + 3);
            TVector u3r = S.Broadcast(twiddle + 4), u3i = S.Broadcast(twiddle + 5);
            for (double* p = block; p < block + stride; p += 16)
            {
                if (S.Lanes == 8)
                {
                    S.Prefetch(key);
                    key += keyStep;
                }

                Inverse4At(p, stride, u1r, u1i, u2r, u2i, u3r, u3i);
                if (S.Lanes < 8)
                {
                    Inverse4At(p + S.Lanes, stride, u1r, u1i, u2r, u2i, u3r, u3i);
                }

                if (S.Lanes < 4)
                {
                    Inverse4At(p + (2 * S.Lanes), stride, u1r, u1i, u2r, u2i, u3r, u3i);
                    Inverse4At(p + (3 * S.Lanes), stride, u1r, u1i, u2r, u2i, u3r, u3i);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Inverse4At(double* p, nint stride, TVector u1r, TVector u1i, TVector u2r, TVector u2i, TVector u3r, TVector u3i)
    {
        double* p1 = p + stride;
        double* p2 = p1 + stride;
        double* p3 = p2 + stride;
        Radix4<S, TVector>.Inverse(S.Load(p), S.Load(p + 8), S.Load(p1), S.Load(p1 + 8), S.Load(p2), S.Load(p2 + 8), S.Load(p3), S.Load(p3 + 8), u1r, u1i, u2r, u2i, u3r, u3i, p, p1, p2, p3);
    }
}
