using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Butterfly = BlindGrain.Engine.Tfhe.Fourier.Radix4<BlindGrain.Engine.Tfhe.Fourier.Avx2Simd, System.Runtime.Intrinsics.Vector256<double>>;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>
/// The last 16 points of a transform with AVX2, four groups a block of 64: radix 4 across registers, then radix 4 with the registers loaded transposed. Value (register s3, lane s2)
/// of a group is that of the root child s3 of child s2. A group's twiddles are loaded once for all polynomials.
/// </summary>
internal static unsafe class Avx2Block
{
    /// <inheritdoc cref="ISimd{TVector}.BeginForward64"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BeginForward(double* data, nint stride, int count, double* twiddles)
    {
        for (double* end = data + 128; data < end; data += 32, twiddles += FourierPlan.NarrowStride)
        {
            Vector256<double> u1r = Vector256.Create(twiddles[0]), u1i = Vector256.Create(twiddles[1]), u2r = Vector256.Create(twiddles[2]);
            Vector256<double> u2i = Vector256.Create(twiddles[3]), u3r = Vector256.Create(twiddles[4]), u3i = Vector256.Create(twiddles[5]);
            double* p = data;
            for (int i = 0; i < count; i++, p += stride)
            {
                Butterfly.Forward(Vector256.Load(p), Vector256.Load(p + 8), Vector256.Load(p + 4), Vector256.Load(p + 12), Vector256.Load(p + 16), Vector256.Load(p + 24), Vector256.Load(p + 20), Vector256.Load(p + 28), u1r, u1i, u2r, u2i, u3r, u3i, p, p + 4, p + 16, p + 20);
            }
        }
    }

    /// <inheritdoc cref="ISimd{TVector}.EndForward64"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void EndForward(double* source, nint stride, double* target, nint targetStride, int count, double* twiddles, byte* prefetch, nint prefetchStep)
    {
        for (double* end = source + 128; source < end; source += 32, target += 32, twiddles += FourierPlan.NarrowStride)
        {
            double* u = twiddles + FourierPlan.NarrowLanes;
            Vector256<double> u1r = Vector256.Load(u), u1i = Vector256.Load(u + 4), u2r = Vector256.Load(u + 8), u2i = Vector256.Load(u + 12), u3r = Vector256.Load(u + 16), u3i = Vector256.Load(u + 20);
            double* x = source;
            double* p = target;
            for (int i = 0; i < count; i++, x += stride, p += targetStride, prefetch += 2 * prefetchStep)
            {
                KeyPrefetch.ToSecondLevel(prefetch);
                KeyPrefetch.ToSecondLevel(prefetch + prefetchStep);
                Columns(x, out Vector256<double> x0r, out Vector256<double> x1r, out Vector256<double> x2r, out Vector256<double> x3r);
                Columns(x + 8, out Vector256<double> x0i, out Vector256<double> x1i, out Vector256<double> x2i, out Vector256<double> x3i);
                Butterfly.Forward(x0r, x0i, x1r, x1i, x2r, x2i, x3r, x3i, u1r, u1i, u2r, u2i, u3r, u3i, p, p + 4, p + 16, p + 20);
            }
        }
    }

    /// <inheritdoc cref="ISimd{TVector}.BeginInverse64"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BeginInverse(double* data, nint stride, int count, double* twiddles)
    {
        for (double* end = data + 128; data < end; data += 32, twiddles += FourierPlan.NarrowStride)
        {
            double* u = twiddles + FourierPlan.NarrowLanes;
            Vector256<double> u1r = Vector256.Load(u), u1i = Vector256.Load(u + 4), u2r = Vector256.Load(u + 8), u2i = Vector256.Load(u + 12), u3r = Vector256.Load(u + 16), u3i = Vector256.Load(u + 20);
            double* p = data;
            for (int i = 0; i < count; i++, p += stride)
            {
                Butterfly.Inverse(Vector256.Load(p), Vector256.Load(p + 8), Vector256.Load(p + 4), Vector256.Load(p + 12), Vector256.Load(p + 16), Vector256.Load(p + 24), Vector256.Load(p + 20), Vector256.Load(p + 28), u1r, u1i, u2r, u2i, u3r, u3i, p, p + 4, p + 16, p + 20);
            }
        }
    }

    /// <inheritdoc cref="ISimd{TVector}.EndInverse64"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void EndInverse(double* source, nint stride, double* target, nint targetStride, int count, double* twiddles, byte* prefetch, nint prefetchStep)
    {
        for (double* end = source + 128; source < end; source += 32, target += 32, twiddles += FourierPlan.NarrowStride)
        {
            Vector256<double> u1r = Vector256.Create(twiddles[0]), u1i = Vector256.Create(twiddles[1]), u2r = Vector256.Create(twiddles[2]);
            Vector256<double> u2i = Vector256.Create(twiddles[3]), u3r = Vector256.Create(twiddles[4]), u3i = Vector256.Create(twiddles[5]);
            double* y = source;
            double* p = target;
            for (int i = 0; i < count; i++, y += stride, p += targetStride, prefetch += 2 * prefetchStep)
            {
                KeyPrefetch.ToSecondLevel(prefetch);
                KeyPrefetch.ToSecondLevel(prefetch + prefetchStep);
                Columns(y, out Vector256<double> y0r, out Vector256<double> y1r, out Vector256<double> y2r, out Vector256<double> y3r);
                Columns(y + 8, out Vector256<double> y0i, out Vector256<double> y1i, out Vector256<double> y2i, out Vector256<double> y3i);
                Butterfly.Inverse(y0r, y0i, y1r, y1i, y2r, y2i, y3r, y3i, u1r, u1i, u2r, u2i, u3r, u3i, p, p + 4, p + 16, p + 20);
            }
        }
    }

    /// <summary>The columns of a group's 4×4 matrix of real or imaginary parts, whose rows are 0, 4, 16 and 20 doubles on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(double* rows, out Vector256<double> c0, out Vector256<double> c1, out Vector256<double> c2, out Vector256<double> c3)
    {
        Vector256<double> r0 = Vector256.Load(rows), r1 = Vector256.Load(rows + 4), r2 = Vector256.Load(rows + 16), r3 = Vector256.Load(rows + 20);
        Vector256<double> even01 = Avx.UnpackLow(r0, r1), odd01 = Avx.UnpackHigh(r0, r1), even23 = Avx.UnpackLow(r2, r3), odd23 = Avx.UnpackHigh(r2, r3);
        c0 = Avx.Permute2x128(even01, even23, 0x20);
        c1 = Avx.Permute2x128(odd01, odd23, 0x20);
        c2 = Avx.Permute2x128(even01, even23, 0x31);
        c3 = Avx.Permute2x128(odd01, odd23, 0x31);
    }
}
