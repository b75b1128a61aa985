namespace BlindGrain.Grains.Jobs;

/// <summary>
/// What one job has in flight on each silo, and which silos it leaves alone for a while because they were busy or failed.
/// Used from one grain's scheduler only.
/// </summary>
internal sealed class SiloLoads(int credits, TimeProvider time)
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);
    private readonly Dictionary<SiloAddress, Load> _loads = [];

    /// <summary>
    /// The first of the silos with a free credit, or null. A key set's slices thus stay on its first home until that has as much
    /// as it can take, then go on to the second, and so on.
    /// </summary>
    public SiloAddress? TryTake(IReadOnlyList<SiloAddress> ranked)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (SiloAddress silo in ranked)
        {
            Load load = Of(silo);
            if (load.InFlight < credits && load.PausedUntil <= now)
            {
                load.InFlight++;
                return silo;
            }
        }

        return null;
    }

    /// <summary>A slice came back.</summary>
    public void Done(SiloAddress silo)
    {
        Load load = Of(silo);
        load.InFlight--;
        load.Pauses = 0;
    }

    /// <summary>A slice was not computed: leave the silo alone for a time that doubles with every such answer in a row.</summary>
    public void Pause(SiloAddress silo, TimeSpan first)
    {
        Load load = Of(silo);
        load.InFlight--;
        TimeSpan pause = first * Math.Pow(2, Math.Min(load.Pauses++, 10)) * (0.75 + (0.5 * Random.Shared.NextDouble()));
        load.PausedUntil = time.GetUtcNow() + (pause < s_longestPause ? pause : s_longestPause);
    }

    private Load Of(SiloAddress silo)
    {
        if (!_loads.TryGetValue(silo, out Load? load))
        {
            _loads.Add(silo, load = new Load());
        }

        return load;
    }

    private sealed class Load
    {
        public int InFlight { get; set; }

        public int Pauses { get; set; }

        public DateTimeOffset PausedUntil { get; set; }
    }
}
