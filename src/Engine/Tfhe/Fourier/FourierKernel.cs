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
    /// <summary>All passes down to blocks of 64 points.</summary>
    public static void ForwardPasses(double* data, FourierPlan plan)
    {
        foreach (FourierPass pass in plan.Passes)
        {
            switch (pass.Radix)
            {
                case 2:
                    Forward2(data, plan.Points, pass.Size, pass.Twiddles);
                    break;
                case 4:
                    Forward4(data, plan.Points, pass.Size, pass.Twiddles);
                    break;
                case 8 when S.Lanes < 8:
                    ForwardNarrow8(data, plan.Points, pass.Size, pass.Twiddles);
                    break;
                default:
                    Forward8(data, plan.Points, pass.Size, pass.Twiddles);
                    break;
            }
        }
    }

    /// <summary>Undoes <see cref="ForwardPasses"/> but for a factor of M/64.</summary>
    public static void InversePasses(double* data, FourierPlan plan)
    {
        for (int i = plan.Passes.Length - 1; i >= 0; i--)
        {
            FourierPass pass = plan.Passes[i];
            switch (pass.Radix)
            {
                case 2:
                    Inverse2(data, plan.Points, pass.Size, pass.Twiddles);
                    break;
                case 4:
                    Inverse4(data, plan.Points, pass.Size, pass.Twiddles);
                    break;
                case 8 when S.Lanes < 8:
                    InverseNarrow8(data, plan.Points, pass.Size, pass.Twiddles);
                    break;
                default:
                    Inverse8(data, plan.Points, pass.Size, pass.Twiddles);
                    break;
            }
        }
    }

    /// <summary>The whole forward transform, in place.</summary>
    public static void Forward(double* data, FourierPlan plan)
    {
        ForwardPasses(data, plan);
        double* copy = stackalloc double[128];
        for (int b = 0; b < plan.Blocks; b++)
        {
            double* block = data + (128 * (nint)b);
            S.Forward64(Source(block, copy), block, plan.ScalarTwiddles + (FourierPlan.ScalarStride * b), plan.VectorTwiddles + (FourierPlan.VectorStride * b), (byte*)data, 0);
        }
    }

    /// <summary>The whole inverse transform, in place, but for a factor of M.</summary>
    public static void Inverse(double* data, FourierPlan plan)
    {
        double* copy = stackalloc double[128];
        for (int b = 0; b < plan.Blocks; b++)
        {
            double* block = data + (128 * (nint)b);
            S.Inverse64(Source(block, copy), block, plan.ScalarTwiddles + (FourierPlan.ScalarStride * b), plan.VectorTwiddles + (FourierPlan.VectorStride * b), (byte*)data, 0);
        }

        InversePasses(data, plan);
    }

    /// <summary>Where a block is transformed from, to its own place: a copy, unless it is in registers before the first result is written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double* Source(double* block, double* copy)
    {
        if (S.Lanes == 8)
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
    private static void Forward4(double* data, int points, int size, double* twiddle)
    {
        nint stride = size / 4 * 2;
        double* end = data + (2 * (nint)points);
        for (double* block = data; block < end; block += 4 * stride, twiddle += 6)
        {
            TVector u1r = S.Broadcast(twiddle), u1i = S.Broadcast(twiddle + 1);
            TVector u2r = S.Broadcast(twiddle + 2), u2i = S.Broadcast(twiddle + 3);
            TVector u3r = S.Broadcast(twiddle + 4), u3i = S.Broadcast(twiddle + 5);
            for (double* p = block; p < block + stride; p = Next(p, block))
            {
                ForwardButterfly4(p, stride, u1r, u1i, u2r, u2i, u3r, u3i);
                p = Next(p, block);
                ForwardButterfly4(p, stride, u1r, u1i, u2r, u2i, u3r, u3i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ForwardButterfly4(double* p, nint stride, TVector u1r, TVector u1i, TVector u2r, TVector u2i, TVector u3r, TVector u3i)
    {
        double* p1 = p + stride;
        double* p2 = p1 + stride;
        double* p3 = p2 + stride;
        TVector x0r = S.Load(p), x0i = S.Load(p + 8);
        TVector x1r = S.Load(p1), x1i = S.Load(p1 + 8);
        TVector x2r = S.Load(p2), x2i = S.Load(p2 + 8);
        TVector x3r = S.Load(p3), x3i = S.Load(p3 + 8);
        TVector t1r = ComplexProduct<S, TVector>.Re(x1r, x1i, u1r, u1i), t1i = ComplexProduct<S, TVector>.Im(x1r, x1i, u1r, u1i);
        TVector t2r = ComplexProduct<S, TVector>.Re(x2r, x2i, u2r, u2i), t2i = ComplexProduct<S, TVector>.Im(x2r, x2i, u2r, u2i);
        TVector t3r = ComplexProduct<S, TVector>.Re(x3r, x3i, u3r, u3i), t3i = ComplexProduct<S, TVector>.Im(x3r, x3i, u3r, u3i);
        TVector ar = S.Add(x0r, t2r), ai = S.Add(x0i, t2i);
        TVector br = S.Subtract(x0r, t2r), bi = S.Subtract(x0i, t2i);
        TVector cr = S.Add(t1r, t3r), ci = S.Add(t1i, t3i);
        TVector dr = S.Subtract(t1r, t3r), di = S.Subtract(t1i, t3i);
        S.Store(p, S.Add(ar, cr));
        S.Store(p + 8, S.Add(ai, ci));
        S.Store(p1, S.Subtract(br, di));
        S.Store(p1 + 8, S.Add(bi, dr));
        S.Store(p2, S.Subtract(ar, cr));
        S.Store(p2 + 8, S.Subtract(ai, ci));
        S.Store(p3, S.Add(br, di));
        S.Store(p3 + 8, S.Subtract(bi, dr));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Inverse4(double* data, int points, int size, double* twiddle)
    {
        nint stride = size / 4 * 2;
        double* end = data + (2 * (nint)points);
        for (double* block = data; block < end; block += 4 * stride, twiddle += 6)
        {
            TVector u1r = S.Broadcast(twiddle), u1i = S.Broadcast(twiddle + 1);
            TVector u2r = S.Broadcast(twiddle + 2), u2i = S.Broadcast(twiddle + 3);
            TVector u3r = S.Broadcast(twiddle + 4), u3i = S.Broadcast(twiddle + 5);
            for (double* p = block; p < block + stride; p = Next(p, block))
            {
                InverseButterfly4(p, stride, u1r, u1i, u2r, u2i, u3r, u3i);
                p = Next(p, block);
                InverseButterfly4(p, stride, u1r, u1i, u2r, u2i, u3r, u3i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InverseButterfly4(double* p, nint stride, TVector u1r, TVector u1i, TVector u2r, TVector u2i, TVector u3r, TVector u3i)
    {
        double* p1 = p + stride;
        double* p2 = p1 + stride;
        double* p3 = p2 + stride;
        TVector y0r = S.Load(p), y0i = S.Load(p + 8);
        TVector y1r = S.Load(p1), y1i = S.Load(p1 + 8);
        TVector y2r = S.Load(p2), y2i = S.Load(p2 + 8);
        TVector y3r = S.Load(p3), y3i = S.Load(p3 + 8);
        TVector ar = S.Add(y0r, y2r), ai = S.Add(y0i, y2i);
        TVector br = S.Subtract(y0r, y2r), bi = S.Subtract(y0i, y2i);
        TVector cr = S.Add(y1r, y3r), ci = S.Add(y1i, y3i);
        TVector dr = S.Subtract(y1r, y3r), di = S.Subtract(y1i, y3i);
        S.Store(p, S.Add(ar, cr));
        S.Store(p + 8, S.Add(ai, ci));
        TVector x1r = S.Add(br, di), x1i = S.Subtract(bi, dr);
        TVector x2r = S.Subtract(ar, cr), x2i = S.Subtract(ai, ci);
        TVector x3r = S.Subtract(br, di), x3i = S.Add(bi, dr);
        S.Store(p1, ComplexProduct<S, TVector>.ConjRe(x1r, x1i, u1r, u1i));
        S.Store(p1 + 8, ComplexProduct<S, TVector>.ConjIm(x1r, x1i, u1r, u1i));
        S.Store(p2, ComplexProduct<S, TVector>.ConjRe(x2r, x2i, u2r, u2i));
        S.Store(p2 + 8, ComplexProduct<S, TVector>.ConjIm(x2r, x2i, u2r, u2i));
        S.Store(p3, ComplexProduct<S, TVector>.ConjRe(x3r, x3i, u3r, u3i));
        S.Store(p3 + 8, ComplexProduct<S, TVector>.ConjIm(x3r, x3i, u3r, u3i));
    }
}
