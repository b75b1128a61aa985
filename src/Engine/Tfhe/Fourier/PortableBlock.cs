using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Butterfly = BlindGrain.Engine.Tfhe.Fourier.Radix4<BlindGrain.Engine.Tfhe.Fourier.PortableSimd, System.Runtime.Intrinsics.Vector128<double>>;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>As <see cref="Avx2Block"/>, with two lanes: the same order, each half of a group's registers after the other.</summary>
internal static unsafe class PortableBlock
{
    /// <inheritdoc cref="ISimd{TVector}.BeginForward64"/>
    public static void BeginForward(double* data, nint stride, int count, double* twiddles)
    {
        for (int i = 0; i < count; i++)
        {
            BeginForward(data + (stride * i), twiddles);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BeginForward(double* data, double* twiddles)
    {
        for (int group = 0; group < 4; group++, data += 32, twiddles += FourierPlan.NarrowStride)
        {
            for (double* p = data; p < data + 4; p += 2)
            {
                Butterfly.Forward(Vector128.Load(p), Vector128.Load(p + 8), Vector128.Load(p + 4), Vector128.Load(p + 12), Vector128.Load(p + 16), Vector128.Load(p + 24), Vector128.Load(p + 20), Vector128.Load(p + 28), Vector128.Create(twiddles[0]), Vector128.Create(twiddles[1]), Vector128.Create(twiddles[2]), Vector128.Create(twiddles[3]), Vector128.Create(twiddles[4]), Vector128.Create(twiddles[5]), p, p + 4, p + 16, p + 20);
            }
        }
    }

    /// <inheritdoc cref="ISimd{TVector}.EndForward64"/>
    public static void EndForward(double* source, nint stride, double* target, nint targetStride, int count, double* twiddles, byte* prefetch, nint prefetchStep)
    {
        for (int i = 0; i < count; i++, prefetch += 8 * prefetchStep)
        {
            EndForward(source + (stride * i), target + (targetStride * i), twiddles, prefetch, prefetchStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EndForward(double* source, double* target, double* twiddles, byte* prefetch, nint prefetchStep)
    {
        for (int half = 0; half < 8; half++, prefetch += prefetchStep)
        {
            KeyPrefetch.ToSecondLevel(prefetch);
            int lane = 2 * (half & 1);
            nint group = half >> 1;
            double* rows = source + (32 * group) + (8 * lane);
            double* u = twiddles + (FourierPlan.NarrowStride * group) + FourierPlan.NarrowLanes + lane;
            double* p = target + (32 * group) + lane;
            Butterfly.Forward(Column(rows, 0), Column(rows, 8), Column(rows, 1), Column(rows, 9), Column(rows, 2), Column(rows, 10), Column(rows, 3), Column(rows, 11), Vector128.Load(u), Vector128.Load(u + 4), Vector128.Load(u + 8), Vector128.Load(u + 12), Vector128.Load(u + 16), Vector128.Load(u + 20), p, p + 4, p + 16, p + 20);
        }
    }

    /// <inheritdoc cref="ISimd{TVector}.BeginInverse64"/>
    public static void BeginInverse(double* data, nint stride, int count, double* twiddles)
    {
        for (int i = 0; i < count; i++)
        {
            BeginInverse(data + (stride * i), twiddles);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BeginInverse(double* data, double* twiddles)
    {
        for (int half = 0; half < 8; half++)
        {
            int lane = 2 * (half & 1);
            nint group = half >> 1;
            double* u = twiddles + (FourierPlan.NarrowStride * group) + FourierPlan.NarrowLanes + lane;
            double* p = data + (32 * group) + lane;
            Butterfly.Inverse(Vector128.Load(p), Vector128.Load(p + 8), Vector128.Load(p + 4), Vector128.Load(p + 12), Vector128.Load(p + 16), Vector128.Load(p + 24), Vector128.Load(p + 20), Vector128.Load(p + 28), Vector128.Load(u), Vector128.Load(u + 4), Vector128.Load(u + 8), Vector128.Load(u + 12), Vector128.Load(u + 16), Vector128.Load(u + 20), p, p + 4, p + 16, p + 20);
        }
    }

    /// <inheritdoc cref="ISimd{TVector}.EndInverse64"/>
    public static void EndInverse(double* source, nint stride, double* target, nint targetStride, int count, double* twiddles, byte* prefetch, nint prefetchStep)
    {
        for (int i = 0; i < count; i++, prefetch += 8 * prefetchStep)
        {
            EndInverse(source + (stride * i), target + (targetStride * i), twiddles, prefetch, prefetchStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EndInverse(double* source, double* target, double* twiddles, byte* prefetch, nint prefetchStep)
    {
        for (int half = 0; half < 8; half++, prefetch += prefetchStep)
        {
            KeyPrefetch.ToSecondLevel(prefetch);
            int lane = 2 * (half & 1);
            nint group = half >> 1;
            double* rows = source + (32 * group) + (8 * lane);
            double* u = twiddles + (FourierPlan.NarrowStride * group);
            double* p = target + (32 * group) + lane;
            Butterfly.Inverse(Column(rows, 0), Column(rows, 8), Column(rows, 1), Column(rows, 9), Column(rows, 2), Column(rows, 10), Column(rows, 3), Column(rows, 11), Vector128.Create(u[0]), Vector128.Create(u[1]), Vector128.Create(u[2]), Vector128.Create(u[3]), Vector128.Create(u[4]), Vector128.Create(u[5]), p, p + 4, p + 16, p + 20);
        }
    }

    /// <summary>Two rows of a column of a group's 4×4 matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Column(double* rows, int column) => Vector128.Create(rows[column], rows[column + 4]);
}
