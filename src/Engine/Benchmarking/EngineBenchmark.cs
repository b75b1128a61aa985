using System.Diagnostics;
using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Benchmarking;

/// <summary>
/// Measures the engine on this machine, with every decryption checked. Times of one thread are minima over the run, which on a noisy
/// machine come nearest to the code's own time; throughput is the run's mean.
/// </summary>
public static class EngineBenchmark
{
    private const int Batch = 8;

    /// <summary>The transforms of all sizes in use.</summary>
    public static unsafe IReadOnlyList<FourierRow> Fourier()
    {
        var rows = new List<FourierRow>();
        foreach (int size in new[] { 256, 512, 1024, 2048, 4096, 8192, 16384, 32768 })
        {
            FourierPlan plan = FourierPlan.For(size);
            using var data = new NativeBuffer((long)size * sizeof(double));
            NativeBuffer buffer = data;
            int repetitions = Math.Max(1, 200_000 / size);
            double forward = Minimum(TimeSpan.FromMilliseconds(60), () => FourierTransform.Forward(buffer.Doubles, plan, SimdPaths.Best), repetitions);
            double inverse = Minimum(TimeSpan.FromMilliseconds(60), () => FourierTransform.Inverse(buffer.Doubles, plan, SimdPaths.Best), repetitions);
            rows.Add(new FourierRow(size, forward * 1e6, inverse * 1e6));
        }

        return rows;
    }

    /// <summary>The machine's measured peaks over <paramref name="threads"/> threads.</summary>
    public static MachinePeak Peak(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return new MachinePeak(SimdPaths.Best.ToString(), threads, PeakMeter.Gigaflops(1), PeakMeter.Gigaflops(threads), PeakMeter.ReadGigabytesPerSecond(threads));
    }

    /// <summary>Measures one set.</summary>
    /// <param name="set">The set.</param>
    /// <param name="threads">The threads of the throughput run.</param>
    /// <param name="duration">How long to measure, shared by the parts.</param>
    /// <param name="cancellation">Stops it between parts.</param>
    public static BenchmarkRow Run(BenchmarkSet set, int threads, TimeSpan duration, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ParameterSet p = set.Parameters;
        var watch = Stopwatch.StartNew();
        var client = ClientKey.Generate(p);
        EvaluationKey evaluation = client.CreateEvaluationKey(cancellation);
        double generation = watch.Elapsed.TotalSeconds;
        watch.Restart();
        using ServerKey server = ServerKey.Expand(evaluation, threads);
        double expansion = watch.Elapsed.TotalSeconds;

        var samples = new BenchmarkSamples(client, set, Batch);
        LweBatch one = samples.Input.Slice(0, 1);
        var oneResult = new LweBatch(p.BigDimension, 1);
        using var bootstrapper = new Bootstrapper(server);
        cancellation.ThrowIfCancellationRequested();
        double keyswitch = Minimum(duration / 8, () => bootstrapper.KeyswitchOnly(one, samples.Offsets.AsSpan(0, 1), set.Plan), 1);
        double rotation = Minimum(duration / 8, () => bootstrapper.RotateOnly(samples.Tables.AsSpan(0, 1), oneResult, set.Plan), 1);
        double bootstrap = Minimum(duration / 4, () => bootstrapper.Bootstrap(one, samples.Offsets.AsSpan(0, 1), samples.Tables.AsSpan(0, 1), oneResult, set.Plan), 1);
        long failures = samples.Failures(oneResult);

        // The hot loop by itself: a full batch that was switched before.
        int batch = Math.Min(Batch, bootstrapper.MaxBatch);
        var batchResult = new LweBatch(p.BigDimension, batch);
        bootstrapper.KeyswitchOnly(samples.Input.Slice(0, batch), samples.Offsets.AsSpan(0, batch), set.Plan);
        double batchedRotation = Minimum(duration / 8, () => bootstrapper.RotateOnly(samples.Tables.AsSpan(0, batch), batchResult, set.Plan), 1) / batch;
        double flops = FlopsOfRotation(p, set.Plan);
        double passes = set.Plan.Log2Extension > 0 ? 1 : batch;
        cancellation.ThrowIfCancellationRequested();
        (double throughput, long done, long wrong) = Throughput(server, samples, set.Plan, threads, duration * 3 / 8);
        double bootstrapKeyBytes = server.Only.Bootstrap.Bytes, keyswitchKeyBytes = server.ByteSize - bootstrapKeyBytes;
        return new BenchmarkRow
        {
            Name = set.Name,
            SmallDimension = p.SmallDimension.Value,
            GlweDimension = p.GlweDimension.Value,
            PolynomialSize = p.PolynomialSize.Value,
            Extension = 1 << set.Plan.Log2Extension,
            StepsPerElement = set.Plan.StepsPerElement,
            KeyswitchMilliseconds = keyswitch * 1e3,
            RotationMilliseconds = rotation * 1e3,
            BootstrapMilliseconds = bootstrap * 1e3,
            BatchedRotationMilliseconds = batchedRotation * 1e3,
            BatchLatencyMilliseconds = Batch * threads / throughput * 1e3,
            ThroughputPerSecond = throughput,
            Checked = done + 1,
            Failures = failures + wrong,
            SeededKeyBytes = p.SeededKeyBytes,
            ExpandedKeyBytes = server.ByteSize,
            GigaflopsPerSecond = throughput * flops / 1e9,
            HotLoopGigaflopsPerSecond = flops / batchedRotation / 1e9,
            KeyGigabytesPerSecond = throughput * ((bootstrapKeyBytes / passes) + (keyswitchKeyBytes / (double)bootstrapper.MaxBatch)) / 1e9,
            KeyGenerationSeconds = generation,
            KeyExpansionSeconds = expansion,
        };
    }

    /// <summary>The f64 operations of a blind rotation: transforms at 5·M·log2 M for M = N/2 points, products at 8 a point.</summary>
    private static double FlopsOfRotation(ParameterSet p, RotationPlan plan)
    {
        double points = p.PolynomialSize.Value / 2.0, columns = p.GlweDimension.Value + 1, levels = p.Bootstrap.Levels;
        double step = (columns * (levels + 1) * 5 * points * Math.Log2(points)) + (columns * columns * levels * points * 8);
        return p.SmallDimension.Value * plan.StepsPerElement * step;
    }

    private static (double PerSecond, long Done, long Wrong) Throughput(ServerKey server, BenchmarkSamples samples, RotationPlan plan, int threads, TimeSpan duration)
    {
        long done = 0, wrong = 0;
        long begun = Stopwatch.GetTimestamp();
        var workers = new Thread[threads];
        for (int t = 0; t < threads; t++)
        {
            workers[t] = new Thread(() =>
            {
                using var bootstrapper = new Bootstrapper(server);
                var result = new LweBatch(samples.Input.Dimension, samples.Input.Count);
                do
                {
                    bootstrapper.Bootstrap(samples.Input, samples.Offsets, samples.Tables, result, plan);
                    _ = Interlocked.Add(ref done, result.Count);
                    _ = Interlocked.Add(ref wrong, samples.Failures(result));
                }
                while (Stopwatch.GetElapsedTime(begun) < duration);
            });
            workers[t].Start();
        }

        Array.ForEach(workers, w => w.Join());
        return (done / Stopwatch.GetElapsedTime(begun).TotalSeconds, done, wrong);
    }

    private static double Minimum(TimeSpan duration, Action action, int repetitions)
    {
        // Once for the JIT compiler and the caches.
        action();
        double minimum = double.MaxValue;
        long begun = Stopwatch.GetTimestamp();
        do
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < repetitions; i++)
            {
                action();
            }

            minimum = Math.Min(minimum, Stopwatch.GetElapsedTime(start).TotalSeconds / repetitions);
        }
        while (Stopwatch.GetElapsedTime(begun) < duration);
        return minimum;
    }
}
