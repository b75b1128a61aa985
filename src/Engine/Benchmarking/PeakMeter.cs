using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Benchmarking;

/// <summary>Measures what the machine can do, so that kernels are judged by it.</summary>
internal static unsafe class PeakMeter
{
    /// <summary>Long enough that the system has spread the threads over the cores.</summary>
    private const int Rounds = 40_000_000;
    private const long ReadBytes = 256L << 20;

    /// <summary>f64 multiply-adds, 10^9 operations a second (a multiply-add counts two), the best of three runs.</summary>
    public static double Gigaflops(int threads) => BestOfThree(threads, _ => (double)MultiplyAdds() * Rounds);

    /// <summary>Sequential reads of memory far larger than the caches, 10^9 bytes a second, the best of three runs.</summary>
    public static double ReadGigabytesPerSecond(int threads)
    {
        var buffers = new NativeBuffer[threads];
        for (int t = 0; t < threads; t++)
        {
            buffers[t] = new NativeBuffer(ReadBytes);
        }

        try
        {
            return BestOfThree(threads, t => Sum(buffers[t].Doubles) == 0 ? ReadBytes : 0);
        }
        finally
        {
            Array.ForEach(buffers, b => b.Dispose());
        }
    }

    private static double BestOfThree(int threads, Func<int, double> work)
    {
        double best = 0;
        for (int run = 0; run < 3; run++)
        {
            double[] done = new double[threads];
            long begun = Stopwatch.GetTimestamp();
            Thread[] workers = [.. Enumerable.Range(0, threads).Select(t => new Thread(() => done[t] = work(t)))];
            Array.ForEach(workers, w => w.Start());
            Array.ForEach(workers, w => w.Join());
            best = Math.Max(best, done.Sum() / Stopwatch.GetElapsedTime(begun).TotalSeconds / 1e9);
        }

        return best;
    }

    private static int MultiplyAdds() => SimdPaths.Best switch
    {
        SimdPath.Avx512 => MultiplyAdds<Avx512Simd, Vector512<double>>(),
        SimdPath.Avx2 => MultiplyAdds<Avx2Simd, Vector256<double>>(),
        _ => MultiplyAdds<PortableSimd, Vector128<double>>(),
    };

    /// <summary>Runs <see cref="Rounds"/> rounds of twelve independent multiply-adds; returns the operations a round. Twelve sums and two factors fit sixteen registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MultiplyAdds<S, TVector>()
        where S : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector x = S.Create(1.0000001), y = S.Create(1e-9);
        TVector a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int r = 0; r < Rounds; r++)
        {
            a = S.MultiplyAdd(a, x, y);
            b = S.MultiplyAdd(b, x, y);
            c = S.MultiplyAdd(c, x, y);
            d = S.MultiplyAdd(d, x, y);
            e = S.MultiplyAdd(e, x, y);
            f = S.MultiplyAdd(f, x, y);
            g = S.MultiplyAdd(g, x, y);
            h = S.MultiplyAdd(h, x, y);
            i = S.MultiplyAdd(i, x, y);
            j = S.MultiplyAdd(j, x, y);
            k = S.MultiplyAdd(k, x, y);
            l = S.MultiplyAdd(l, x, y);
        }

        TVector sum = S.Add(S.Add(S.Add(S.Add(a, b), S.Add(c, d)), S.Add(S.Add(e, f), S.Add(g, h))), S.Add(S.Add(i, j), S.Add(k, l)));
        double* lanes = stackalloc double[8];
        S.Store(lanes, sum);

        // The sum is used, so that no part of it can be left out; it is far from NaN.
        return double.IsNaN(lanes[0]) ? 0 : 12 * S.Lanes * 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(double* data)
    {
        Vector512<double> a = default, b = default, c = default, d = default;
        for (long i = 0; i < ReadBytes / sizeof(double); i += 32)
        {
            a += Vector512.Load(data + i);
            b += Vector512.Load(data + i + 8);
            c += Vector512.Load(data + i + 16);
            d += Vector512.Load(data + i + 24);
        }

        return Vector512.Sum(a + b + c + d);
    }
}
