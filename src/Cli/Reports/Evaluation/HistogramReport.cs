using BlindGrain.Engine.Circuits;

namespace BlindGrain.Cli.Reports.Evaluation;

/// <summary>The accumulators that samples reach at one value that a look-up reads or that leaves, against what the circuit makes room for.</summary>
/// <param name="Value">The value's number.</param>
/// <param name="Name">The step that yields it.</param>
/// <param name="RangeMin">The least that the circuit makes room for.</param>
/// <param name="RangeMax">The largest.</param>
/// <param name="Declared">Whether that room was declared (calibrated, say) rather than the worst case.</param>
/// <param name="Min">The least that a sample reached.</param>
/// <param name="Max">The largest.</param>
/// <param name="BinWidth">The integers a bin; the first begins at <paramref name="RangeMin"/>.</param>
/// <param name="Counts">How many accumulators fell in each bin.</param>
/// <param name="Outside">How many were outside their own element's range: in an encrypted run they wrap.</param>
/// <param name="Total">How many there were: samples times elements.</param>
internal sealed record HistogramReport(
    int Value, string Name, long RangeMin, long RangeMax, bool Declared, long Min, long Max, long BinWidth, IReadOnlyList<long> Counts, long Outside, long Total)
{
    /// <summary>The bits that the circuit makes room for.</summary>
    public double RangeBits => Math.Log2(RangeMax - RangeMin + 1);

    /// <summary>The bits of what the samples reached.</summary>
    public double ReachedBits => Math.Log2(Max - Min + 1);
}

/// <summary>Counts the accumulators of runs. Thread-safe.</summary>
internal sealed class HistogramCollector
{
    private const int MaxBins = 72;

    private readonly FheCircuit _circuit;
    private readonly Series[] _series;
    private readonly Lock _lock = new();

    /// <summary>Begins with no run seen: one histogram for each value that a look-up reads or that leaves, the input apart.</summary>
    public HistogramCollector(FheCircuit circuit)
    {
        _circuit = circuit;
        _series = [.. circuit.Steps.OfType<LookupStep>().Select(s => s.Source).Append(circuit.Output.Value).Where(v => v > 0).Distinct().Order().Select(v => new Series(v, circuit.Ranges[v]))];
    }

    /// <summary>Takes in all values of one run, by value number.</summary>
    public void Add(long[][] run)
    {
        lock (_lock)
        {
            foreach (Series series in _series)
            {
                series.Add(run[series.Value]);
            }
        }
    }

    /// <summary>What was seen.</summary>
    public IReadOnlyList<HistogramReport> Histograms() => [.. _series.Where(s => s.Total > 0).Select(s => new HistogramReport(
        s.Value, _circuit.Steps[s.Value - 1].Name, s.RangeMin, s.RangeMax, _circuit.Steps[s.Value - 1] is LinearStep { Bound: not null }, s.Min, s.Max, s.BinWidth, s.Counts, s.Outside, s.Total))];

    private sealed class Series
    {
        private readonly ValueRange[] _ranges;

        public Series(int value, ValueRange[] ranges)
        {
            Value = value;
            _ranges = ranges;
            (RangeMin, RangeMax) = (ranges.Min(r => r.Min), ranges.Max(r => r.Max));
            long width = RangeMax - RangeMin + 1;
            BinWidth = (width + MaxBins - 1) / MaxBins;
            Counts = new long[(width + BinWidth - 1) / BinWidth];
        }

        public int Value { get; }

        public long RangeMin { get; }

        public long RangeMax { get; }

        public long BinWidth { get; }

        public long[] Counts { get; }

        public long Min { get; private set; } = long.MaxValue;

        public long Max { get; private set; } = long.MinValue;

        public long Outside { get; private set; }

        public long Total { get; private set; }

        public void Add(long[] values)
        {
            for (int i = 0; i < values.Length; i++)
            {
                long v = values[i];
                Min = Math.Min(Min, v);
                Max = Math.Max(Max, v);
                Total++;
                Outside += _ranges[i].Contains(v) ? 0 : 1;
                Counts[Math.Clamp((v - RangeMin) / BinWidth, 0, Counts.Length - 1)]++;
            }
        }
    }
}
