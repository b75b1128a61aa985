using System.Diagnostics;
using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Benchmarking;

/// <summary>
/// Measures a <see cref="CostModel"/> on this machine in seconds: each shape of CMUX once, with keys of the right size and no meaning, alone and
/// in full batches, on one thread and on all of them.
/// </summary>
public static class CostMeter
{
    /// <summary>Wider extensions take their time from this one; a step's time hardly grows further.</summary>
    private const int MaxLog2Extension = 3;

    private const long KeyBytes = 64 << 20;
    private const int Windows = 3;
    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(50);

    /// <summary>Measures what <paramref name="sets"/> need.</summary>
    /// <param name="sets">The sets whose shapes are measured; the catalogue, usually.</param>
    /// <param name="threads">The threads of the busy times, at least 1.</param>
    /// <param name="cancellation">Stops it between shapes.</param>
    public static CostModel Measure(IReadOnlyList<ParameterSet> sets, int threads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (sets.Count == 0)
        {
            throw new ArgumentException("At least one parameter set must be given: its shape is what is measured.", nameof(sets));
        }

        var rotations = new List<RotationTime>();
        UnitTime? keyswitch = null;
        int keyswitchBatch = 0;
        foreach (ParameterSet p in sets.Where(p => p.Log2Extension <= MaxLog2Extension || !sets.Any(s => IsSmallerExtension(s, p))).DistinctBy(ShapeOf))
        {
            cancellation.ThrowIfCancellationRequested();
            using ServerKey key = ServerKey.Meaningless(Shortened(p));
            using var first = new Run(key);
            int batch = p.Log2Extension > 0 ? 1 : first.MaxBatch;
            double steps = key.Parameters.Only.SmallDimension.Value * new RotationPlan(p.Log2Extension).StepsPerElement;
            rotations.Add(new RotationTime(p.GlweDimension.Value, p.PolynomialSize.Value, p.Bootstrap.Levels, p.Log2Extension, batch, Times(key, threads, batch, steps, (run, count) => run.Rotate(count))));
            if (keyswitch is null || first.MaxBatch > keyswitchBatch)
            {
                keyswitchBatch = first.MaxBatch;
                double terms = (double)p.BigDimension.Value * p.Keyswitch.Levels * (key.Parameters.Only.SmallDimension.Value + 1);
                keyswitch = Times(key, threads, keyswitchBatch, terms, (run, count) => run.Switch(count));
            }
        }

        return new CostModel(MachineName.Describe(), threads, keyswitch!, keyswitchBatch, rotations);
    }

    /// <summary>The set with fewer steps: enough that the key is larger than the caches.</summary>
    private static ParameterSet Shortened(ParameterSet p)
    {
        long ggsw = p.ExpandedKeyBytes / p.SmallDimension.Value;
        long steps = Math.Max(SecurityCurve.MinDimension, KeyBytes / ggsw);
        return steps >= p.SmallDimension.Value
            ? p
            : new ParameterSet(new((int)steps), p.GlweDimension, p.PolynomialSize, p.Bootstrap, p.Keyswitch, p.Log2Extension);
    }

    private static (int, int, int, int) ShapeOf(ParameterSet p) => (p.GlweDimension.Value, p.PolynomialSize.Value, p.Bootstrap.Levels, p.Log2Extension);

    private static bool IsSmallerExtension(ParameterSet s, ParameterSet p) =>
        s.Log2Extension is > 0 and <= MaxLog2Extension && ShapeOf(s) == (p.GlweDimension.Value, p.PolynomialSize.Value, p.Bootstrap.Levels, s.Log2Extension);

    /// <summary>Nanoseconds a unit and ciphertext, where one ciphertext takes <paramref name="units"/>.</summary>
    private static UnitTime Times(ServerKey key, int threads, int batch, double units, Action<Run, int> work)
    {
        double One(int parallel, int count) => Minimum(key, parallel, run => work(run, count)) / count / units * 1e9;
        double alone = One(1, 1), batched = batch == 1 ? alone : One(1, batch);
        double aloneBusy = threads == 1 ? alone : One(threads, 1);
        double batchedBusy = threads == 1 ? batched : batch == 1 ? aloneBusy : One(threads, batch);
        return new UnitTime(alone, batched, aloneBusy, batchedBusy);
    }

    /// <summary>
    /// Seconds of one call: processor time over calls, the least of a few windows. Time that other processes take away does not count, and
    /// all threads work for the whole of a window.
    /// </summary>
    private static double Minimum(ServerKey key, int threads, Action<Run> work)
    {
        using var bounds = new Barrier(threads + 1);
        long calls = 0;
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            using var run = new Run(key);

            // Once for the JIT compiler and the caches.
            work(run);
            for (int window = 0; window < Windows; window++)
            {
                bounds.SignalAndWait();
                long begun = Stopwatch.GetTimestamp();
                do
                {
                    work(run);
                    _ = Interlocked.Increment(ref calls);
                }
                while (Stopwatch.GetElapsedTime(begun) < s_window);
                bounds.SignalAndWait();
            }
        }))];
        Array.ForEach(workers, w => w.Start());
        double best = double.MaxValue;
        for (int window = 0; window < Windows; window++)
        {
            bounds.SignalAndWait();
            TimeSpan begun = Environment.CpuUsage.TotalTime;
            long before = Interlocked.Read(ref calls);
            bounds.SignalAndWait();
            TimeSpan spent = Environment.CpuUsage.TotalTime - begun;
            best = Math.Min(best, spent.TotalSeconds / (Interlocked.Read(ref calls) - before));
        }

        Array.ForEach(workers, w => w.Join());
        return best;
    }

    /// <summary>One thread's bootstrapper and ciphertexts of random words.</summary>
    private sealed class Run : IDisposable
    {
        private readonly Bootstrapper _bootstrapper;
        private readonly LweBatch _input;
        private readonly LweBatch[] _outputs;
        private readonly RotationPlan _plan;
        private readonly ulong[][] _tables;

        public Run(ServerKey key)
        {
            ParameterSet p = key.Parameters.Only;
            _bootstrapper = new Bootstrapper(key);
            _input = new LweBatch(p.BigDimension, MaxBatch);
            _outputs = [.. Enumerable.Range(1, MaxBatch).Select(count => new LweBatch(p.BigDimension, count))];
            _plan = RotationPlan.Full(p);
            new System.Random(1).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_input.Words));
            _tables = [.. Enumerable.Repeat(new ulong[p.TableSize], MaxBatch)];

            // Rotations take the exponents of the batch that was switched last.
            Switch(MaxBatch);
        }

        public int MaxBatch => _bootstrapper.MaxBatch;

        public void Switch(int count) => _bootstrapper.KeyswitchOnly(_input.Slice(0, count), [], _plan);

        public void Rotate(int count) => _bootstrapper.RotateOnly(_tables.AsSpan(0, count), _outputs[count - 1], _plan);

        public void Dispose() => _bootstrapper.Dispose();
    }
}
