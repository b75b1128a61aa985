using BlindGrain.Engine.Circuits;

namespace BlindGrain.Cli.Models;

/// <summary>The accumulators that samples really reach, beside what they could reach in the worst case.</summary>
/// <param name="Name">The linear step.</param>
/// <param name="AccumulatorMin">The least accumulator over all samples and elements.</param>
/// <param name="AccumulatorMax">The largest.</param>
/// <param name="WorstMin">The least possible.</param>
/// <param name="WorstMax">The largest possible.</param>
internal sealed record ObservedLayer(string Name, long AccumulatorMin, long AccumulatorMax, long WorstMin, long WorstMax);

/// <summary>Collects the extremes of every linear step over samples. Thread-safe.</summary>
internal sealed class ObservedRanges
{
    private readonly FheCircuit _circuit;
    private readonly int[] _values;
    private readonly long[] _min;
    private readonly long[] _max;
    private readonly Lock _lock = new();

    /// <summary>Begins with no sample seen.</summary>
    public ObservedRanges(FheCircuit circuit)
    {
        _circuit = circuit;
        _values = [.. Enumerable.Range(0, circuit.Steps.Count).Where(s => circuit.Steps[s] is LinearStep).Select(s => s + 1)];
        _min = new long[_values.Length];
        _max = new long[_values.Length];
        Array.Fill(_min, long.MaxValue);
        Array.Fill(_max, long.MinValue);
    }

    /// <summary>Takes in all values of one run, by value number.</summary>
    public void Add(long[][] run)
    {
        lock (_lock)
        {
            for (int i = 0; i < _values.Length; i++)
            {
                foreach (long y in run[_values[i]])
                {
                    _min[i] = Math.Min(_min[i], y);
                    _max[i] = Math.Max(_max[i], y);
                }
            }
        }
    }

    /// <summary>What was seen, in the order of the steps.</summary>
    public IReadOnlyList<ObservedLayer> Layers() => [.. _values.Select((value, i) =>
    {
        ValueRange[] worst = _circuit.Ranges[value];
        return new ObservedLayer(_circuit.Steps[value - 1].Name, _min[i], _max[i], worst.Min(r => r.Min), worst.Max(r => r.Max));
    })];
}
