using BlindGrain.Grains.Scheduling;

namespace BlindGrain.ScaleModel;

/// <summary>
/// A discrete-event simulation of a cluster that reuses the scheduler's own decisions: rendezvous hashing, slice sizes, credits, fair queues, admission. It has
/// processors, network cards, message handling and the storage as resources that can run out, and says which one did. Nothing fails in it.
/// </summary>
public sealed class ScaleSimulation
{
    private readonly Random _random;
    private readonly SimulatedSilo[] _silos;
    private readonly Dictionary<int, SimulatedSilo[]> _homes = [];
    private readonly Dictionary<int, object> _passes = [];
    private readonly List<double> _latencies = [];
    private long _rotations;
    private int _turned;
    private int _nextKeySet;
    private bool _measures;

    private ScaleSimulation(Scenario scenario)
    {
        Scenario = scenario;
        _random = new Random(scenario.Seed);
        Storage = new SimulatedStorage(scenario, Time);
        _silos = [.. Enumerable.Range(0, scenario.Silos).Select(i => new SimulatedSilo(i, scenario, Time, Storage))];
    }

    internal Scenario Scenario { get; }

    internal SimulatedTime Time { get; } = new();

    internal SimulatedStorage Storage { get; }

    /// <summary>Runs a scenario from an empty cluster.</summary>
    public static ScaleResult Run(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return new ScaleSimulation(scenario).Run();
    }

    /// <summary>The silos in the order in which they are homes of a key set. The cluster ranks them at each look; that time is charged, the answer is kept.</summary>
    internal SimulatedSilo[] Homes(int keySet)
    {
        if (!_homes.TryGetValue(keySet, out SimulatedSilo[]? homes))
        {
            _homes.Add(keySet, homes = RendezvousHash.Rank($"t{keySet}/k", _silos, s => s.Name));
        }

        return homes;
    }

    /// <summary>What rotations of one key set have in common.</summary>
    internal object PassOf(int keySet)
    {
        if (!_passes.TryGetValue(keySet, out object? pass))
        {
            _passes.Add(keySet, pass = new object());
        }

        return pass;
    }

    internal void Did(int rotations) => _rotations += _measures ? rotations : 0;

    internal void Turned() => _turned += _measures ? 1 : 0;

    internal void Ended(double latency)
    {
        if (_measures)
        {
            _latencies.Add(latency);
        }

        if (Scenario.ArrivalsPerSecond == 0)
        {
            Submit(_nextKeySet++ % Scenario.KeySets);
        }
    }

    private ScaleResult Run()
    {
        if (Scenario.ArrivalsPerSecond > 0)
        {
            Arrive();
        }
        else
        {
            for (int i = 0; i < Scenario.JobsInFlight; i++)
            {
                Submit(_nextKeySet++ % Scenario.KeySets);
            }
        }

        Time.RunUntil(Scenario.WarmUpMilliseconds);
        Usage before = Measure();
        int loads = _silos.Sum(s => s.Keys.Loads);
        _measures = true;
        Time.RunUntil(Scenario.WarmUpMilliseconds + Scenario.MeasuredMilliseconds);
        Usage used = Measure().Since(before);
        _latencies.Sort();
        double seconds = Scenario.MeasuredMilliseconds / 1000;
        return new ScaleResult(
            Scenario, _rotations / seconds, _latencies.Count / seconds, Quantile(0.5), Quantile(0.95),
            used.Threads.Sum() / (Scenario.MeasuredMilliseconds * Scenario.Silos * Scenario.Threads), used.Network.Max() / Scenario.MeasuredMilliseconds,
            used.Messages.Max() / Scenario.MeasuredMilliseconds, used.Storage / Scenario.MeasuredMilliseconds, _silos.Sum(s => s.Keys.Loads) - loads, _turned);
    }

    private void Arrive() => Time.After(-Math.Log(1 - _random.NextDouble()) * 1000 / Scenario.ArrivalsPerSecond, () =>
    {
        Submit(_nextKeySet++ % Scenario.KeySets);
        Arrive();
    });

    /// <summary>A job's grain is activated on a silo at random, as Orleans places it.</summary>
    private void Submit(int keySet) => new SimulatedJob(this, keySet, _silos[_random.Next(_silos.Length)]).Start();

    private double Quantile(double part) => _latencies.Count == 0 ? double.NaN : _latencies[(int)(part * (_latencies.Count - 1))];

    private Usage Measure() => new(
        [.. _silos.Select(s => s.Computed)], [.. _silos.Select(s => Math.Max(s.Incoming.Busy, s.Outgoing.Busy))], [.. _silos.Select(s => s.Messages.Busy)], Storage.Busy);

    private sealed record Usage(double[] Threads, double[] Network, double[] Messages, double Storage)
    {
        public Usage Since(Usage before) => new(Less(Threads, before.Threads), Less(Network, before.Network), Less(Messages, before.Messages), Storage - before.Storage);

        private static double[] Less(double[] after, double[] before) => [.. after.Zip(before, (a, b) => a - b)];
    }
}
