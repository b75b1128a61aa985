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

    /// <summary>Runs <see cref="Rounds"/> rounds of twelve independent multiply-adds; returns the operations a round.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MultiplyAdds()
    {
        Vector512<double> x = Vector512.Create(1.0000001), y = Vector512.Create(1e-9);
        Vector512<double> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int r = 0; r < Rounds; r++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }

        Vector512<double> sum = a + b + c + d + e + f + g + h + i + j + k + l;

        // The sum is used, so that no part of it can be left out; it is far from NaN.
        return double.IsNaN(sum.ToScalar()) ? 0 : 12 * Vector512<double>.Count * 2;
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
