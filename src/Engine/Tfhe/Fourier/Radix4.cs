using System.Runtime.CompilerServices;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>
/// Radix-4 butterflies in place, sixteen registers being enough. The order of the statements matters to the JIT compiler: a product that is not used by the next statement stays a variable, and
/// the multiply-add then overwrites it instead of a copy of another operand.
/// </summary>
/// <typeparam name="S">The instruction set.</typeparam>
/// <typeparam name="TVector">The register's type.</typeparam>
internal static unsafe class Radix4<S, TVector>
    where S : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>The same as <see cref="Forward"/>, for paths whose registers hold what follows too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ForwardInRegisters(TVector x0r, TVector x0i, TVector x1r, TVector x1i, TVector x2r, TVector x2i, TVector x3r, TVector x3i, TVector u1r, TVector u1i, TVector u2r, TVector u2i, TVector u3r, TVector u3i, out TVector y0r, out TVector y0i, out TVector y1r, out TVector y1i, out TVector y2r, out TVector y2i, out TVector y3r, out TVector y3i)
    {
        TVector m2r = S.Multiply(x2i, u2i), m2i = S.Multiply(x2i, u2r);
        TVector t2r = S.MultiplySubtract(x2r, u2r, m2r), t2i = S.MultiplyAdd(x2r, u2i, m2i);
        TVector ar = S.Add(x0r, t2r), ai = S.Add(x0i, t2i);
        TVector br = S.Subtract(x0r, t2r), bi = S.Subtract(x0i, t2i);
        TVector m1r = S.Multiply(x1i, u1i), m1i = S.Multiply(x1i, u1r);
        TVector t1r = S.MultiplySubtract(x1r, u1r, m1r), t1i = S.MultiplyAdd(x1r, u1i, m1i);
        TVector m3r = S.Multiply(x3i, u3i), m3i = S.Multiply(x3i, u3r);
        TVector t3r = S.MultiplySubtract(x3r, u3r, m3r), t3i = S.MultiplyAdd(x3r, u3i, m3i);
        TVector cr = S.Add(t1r, t3r), ci = S.Add(t1i, t3i);
        TVector dr = S.Subtract(t1r, t3r), di = S.Subtract(t1i, t3i);
        y0r = S.Add(ar, cr);
        y0i = S.Add(ai, ci);
        y2r = S.Subtract(ar, cr);
        y2i = S.Subtract(ai, ci);
        y1r = S.Subtract(br, di);
        y1i = S.Add(bi, dr);
        y3r = S.Add(br, di);
        y3i = S.Subtract(bi, dr);
    }

    // Storing what ForwardInRegisters returns says the same in half the lines, and the compiler then keeps vectors on the stack where there are sixteen registers.
    /// <summary>y_s = Σ_q x_q·u^q·i^(sq), stored to p_s: the real parts, and the imaginary ones eight doubles on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(TVector x0r, TVector x0i, TVector x1r, TVector x1i, TVector x2r, TVector x2i, TVector x3r, TVector x3i, TVector u1r, TVector u1i, TVector u2r, TVector u2i, TVector u3r, TVector u3i, double* p0, double* p1, double* p2, double* p3)
    {
        TVector m2r = S.Multiply(x2i, u2i), m2i = S.Multiply(x2i, u2r);
        TVector t2r = S.MultiplySubtract(x2r, u2r, m2r), t2i = S.MultiplyAdd(x2r, u2i, m2i);
        TVector ar = S.Add(x0r, t2r), ai = S.Add(x0i, t2i);
        TVector br = S.Subtract(x0r, t2r), bi = S.Subtract(x0i, t2i);
        TVector m1r = S.Multiply(x1i, u1i), m1i = S.Multiply(x1i, u1r);
        TVector t1r = S.MultiplySubtract(x1r, u1r, m1r), t1i = S.MultiplyAdd(x1r, u1i, m1i);
        TVector m3r = S.Multiply(x3i, u3i), m3i = S.Multiply(x3i, u3r);
        TVector t3r = S.MultiplySubtract(x3r, u3r, m3r), t3i = S.MultiplyAdd(x3r, u3i, m3i);
        TVector cr = S.Add(t1r, t3r), ci = S.Add(t1i, t3i);
        TVector dr = S.Subtract(t1r, t3r), di = S.Subtract(t1i, t3i);
        S.Store(p0, S.Add(ar, cr));
        S.Store(p0 + 8, S.Add(ai, ci));
        S.Store(p2, S.Subtract(ar, cr));
        S.Store(p2 + 8, S.Subtract(ai, ci));
        S.Store(p1, S.Subtract(br, di));
        S.Store(p1 + 8, S.Add(bi, dr));
        S.Store(p3, S.Add(br, di));
        S.Store(p3 + 8, S.Subtract(bi, dr));
    }

    /// <summary>x_q = u^(−q)·Σ_s y_s·i^(−sq), stored to p_q: undoes <see cref="Forward"/> but for a factor of 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inverse(TVector y0r, TVector y0i, TVector y1r, TVector y1i, TVector y2r, TVector y2i, TVector y3r, TVector y3i, TVector u1r, TVector u1i, TVector u2r, TVector u2i, TVector u3r, TVector u3i, double* p0, double* p1, double* p2, double* p3)
    {
        TVector ar = S.Add(y0r, y2r), ai = S.Add(y0i, y2i);
        TVector br = S.Subtract(y0r, y2r), bi = S.Subtract(y0i, y2i);
        TVector cr = S.Add(y1r, y3r), ci = S.Add(y1i, y3i);
        TVector dr = S.Subtract(y1r, y3r), di = S.Subtract(y1i, y3i);
        S.Store(p0, S.Add(ar, cr));
        S.Store(p0 + 8, S.Add(ai, ci));
        TVector x2r = S.Subtract(ar, cr), x2i = S.Subtract(ai, ci);
        TVector m2r = S.Multiply(x2i, u2i), m2i = S.Multiply(x2r, u2i);
        S.Store(p2, S.MultiplyAdd(x2r, u2r, m2r));
        S.Store(p2 + 8, S.MultiplySubtract(x2i, u2r, m2i));
        TVector x1r = S.Add(br, di), x1i = S.Subtract(bi, dr);
        TVector m1r = S.Multiply(x1i, u1i), m1i = S.Multiply(x1r, u1i);
        S.Store(p1, S.MultiplyAdd(x1r, u1r, m1r));
        S.Store(p1 + 8, S.MultiplySubtract(x1i, u1r, m1i));
        TVector x3r = S.Subtract(br, di), x3i = S.Add(bi, dr);
        TVector m3r = S.Multiply(x3i, u3i), m3i = S.Multiply(x3r, u3i);
        S.Store(p3, S.MultiplyAdd(x3r, u3r, m3r));
        S.Store(p3 + 8, S.MultiplySubtract(x3i, u3r, m3i));
    }

    /// <summary>The same as <see cref="Inverse"/>, for paths whose registers hold what follows too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InverseInRegisters(TVector y0r, TVector y0i, TVector y1r, TVector y1i, TVector y2r, TVector y2i, TVector y3r, TVector y3i, TVector u1r, TVector u1i, TVector u2r, TVector u2i, TVector u3r, TVector u3i, out TVector x0r, out TVector x0i, out TVector x1r, out TVector x1i, out TVector x2r, out TVector x2i, out TVector x3r, out TVector x3i)
    {
        TVector ar = S.Add(y0r, y2r), ai = S.Add(y0i, y2i);
        TVector br = S.Subtract(y0r, y2r), bi = S.Subtract(y0i, y2i);
        TVector cr = S.Add(y1r, y3r), ci = S.Add(y1i, y3i);
        TVector dr = S.Subtract(y1r, y3r), di = S.Subtract(y1i, y3i);
        x0r = S.Add(ar, cr);
        x0i = S.Add(ai, ci);
        TVector z2r = S.Subtract(ar, cr), z2i = S.Subtract(ai, ci);
        TVector m2r = S.Multiply(z2i, u2i), m2i = S.Multiply(z2r, u2i);
        x2r = S.MultiplyAdd(z2r, u2r, m2r);
        x2i = S.MultiplySubtract(z2i, u2r, m2i);
        TVector z1r = S.Add(br, di), z1i = S.Subtract(bi, dr);
        TVector m1r = S.Multiply(z1i, u1i), m1i = S.Multiply(z1r, u1i);
        x1r = S.MultiplyAdd(z1r, u1r, m1r);
        x1i = S.MultiplySubtract(z1i, u1r, m1i);
        TVector z3r = S.Subtract(br, di), z3i = S.Add(bi, dr);
        TVector m3r = S.Multiply(z3i, u3i), m3i = S.Multiply(z3r, u3i);
        x3r = S.MultiplyAdd(z3r, u3r, m3r);
        x3i = S.MultiplySubtract(z3i, u3r, m3i);
    }
}
