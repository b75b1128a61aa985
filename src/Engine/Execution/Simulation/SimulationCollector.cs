using System.Numerics;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution.Simulation;

/// <summary>Gathers what the blocks of a batch gave, from any thread.</summary>
internal sealed class SimulationCollector(FheCircuit circuit, int samples)
{
    private readonly ValueRange?[] _observed = new ValueRange?[circuit.Steps.Count + 1];
    private readonly long[] _outside = new long[circuit.Steps.Count + 1];
    private readonly LookupNoise?[] _noise = new LookupNoise?[circuit.Steps.Count];
    private readonly Lock _lock = new();

    /// <summary>The output of each sample; each is written by one thread.</summary>
    public long[][] Outputs { get; } = new long[samples][];

    /// <summary>The values that can leave their ranges where that matters: where a look-up reads them or the circuit yields them.</summary>
    public static bool[] Watched(FheCircuit circuit, AccumulatorBounds bounds)
    {
        HashSet<int> read = [.. circuit.Steps.OfType<LookupStep>().Select(s => s.Source), circuit.Output.Value];
        return [.. Enumerable.Range(0, circuit.Steps.Count + 1).Select(v => read.Contains(v) && bounds.CanLeave(v))];
    }

    /// <summary>Takes in the extremes of a block's values, and counts those of watched values that are out of range.</summary>
    public void Observe<T>(IntegerBlock<T> block, int count, bool[] watched)
        where T : unmanaged, IBinaryInteger<T>
    {
        var seen = new ValueRange[_observed.Length];
        var outside = new long[_observed.Length];
        for (int v = 0; v < seen.Length; v++)
        {
            seen[v] = block.Extremes(v, count);
            outside[v] = watched[v] ? block.CountOutside(v, count) : 0;
        }

        lock (_lock)
        {
            for (int v = 0; v < seen.Length; v++)
            {
                _observed[v] = _observed[v] is { } before ? new ValueRange(Math.Min(before.Min, seen[v].Min), Math.Max(before.Max, seen[v].Max)) : seen[v];
                _outside[v] += outside[v];
            }
        }
    }

    /// <summary>Takes in a look-up step's index errors.</summary>
    public void Observe(int step, LookupNoise noise)
    {
        lock (_lock)
        {
            _noise[step] = _noise[step] is { } before ? before.Add(noise) : noise;
        }
    }

    /// <summary>What was gathered.</summary>
    public SimulationResult Finish() => new(Outputs, [.. _observed.Select(r => r ?? default)], _outside, _noise);
}
