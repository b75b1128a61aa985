namespace BlindGrain.Grains.Scheduling;

/// <summary>What a unit of each kind of work takes of one thread, measured: a moving average in which the last ten measurements or so count. Thread-safe.</summary>
internal sealed class CostBook<TKind>
    where TKind : notnull
{
    private const double Weight = 0.1;

    /// <summary>Kinds beyond this many are not kept: there are as many as parameter sets in use.</summary>
    private const int MaxKinds = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<TKind, double> _milliseconds = [];

    /// <summary>Takes a measurement in.</summary>
    /// <param name="kind">What was done.</param>
    /// <param name="units">How many units, at least 1.</param>
    /// <param name="milliseconds">What they took together, of one thread.</param>
    public void Observe(TKind kind, int units, double milliseconds)
    {
        double unit = milliseconds / units;
        lock (_gate)
        {
            if (_milliseconds.TryGetValue(kind, out double before))
            {
                _milliseconds[kind] = before + (Weight * (unit - before));
            }
            else if (_milliseconds.Count < MaxKinds)
            {
                _milliseconds.Add(kind, unit);
            }
        }
    }

    /// <summary>The milliseconds of one unit; null where none was measured yet.</summary>
    public double? Find(TKind kind)
    {
        lock (_gate)
        {
            return _milliseconds.TryGetValue(kind, out double unit) ? unit : null;
        }
    }
}
