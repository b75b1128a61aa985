namespace BlindGrain.Grains.Scheduling;

/// <summary>
/// What one job has in flight on each silo, and which silos it leaves alone for a while because they were busy or failed. Not thread-safe.
/// </summary>
/// <param name="credits">The slices that a silo may have of the job at a time.</param>
/// <param name="time">The clock.</param>
internal sealed class SiloLoads<TSilo>(int credits, TimeProvider time)
    where TSilo : notnull
{
    private static readonly TimeSpan s_longestBusy = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longestFailure = TimeSpan.FromSeconds(30);
    private readonly Dictionary<TSilo, Load> _loads = [];

    /// <summary>
    /// The first of the silos with a free credit, or none. A key set's slices thus stay on its first home until that has as much
    /// as it can take, then go on to the second, and so on; and come back as soon as the first has room again.
    /// </summary>
    /// <param name="ranked">The silos, the first home first.</param>
    /// <param name="wanted">How many of them the work is worth; one more for each that is paused.</param>
    /// <param name="taken">The silo; its credit is taken.</param>
    /// <param name="spill">Whether a silo before it would do the work if it were less busy, so that it is not worth displacing other keys for it.</param>
    public bool TryTake(IReadOnlyList<TSilo> ranked, int wanted, out TSilo? taken, out bool spill)
    {
        DateTimeOffset now = time.GetUtcNow();
        spill = false;
        for (int i = 0; i < ranked.Count && i < wanted; i++)
        {
            Load load = Of(ranked[i]);
            if (load.PausedUntil > now)
            {
                wanted++;
                spill |= load.Pauses > 0 && !load.Failed;
            }
            else if (load.InFlight < credits)
            {
                load.InFlight++;
                taken = ranked[i];
                return true;
            }
            else
            {
                spill = true;
            }
        }

        taken = default;
        return false;
    }

    /// <summary>A slice came back.</summary>
    public void Done(TSilo silo)
    {
        Load load = Of(silo);
        load.InFlight--;
        load.Pauses = 0;
        load.Failed = false;
    }

    /// <summary>A slice was turned away: leave the silo alone for about as long as it says, longer with every such answer in a row.</summary>
    public void Busy(TSilo silo, TimeSpan first) => Pause(silo, first, s_longestBusy, failed: false);

    /// <summary>A slice was not computed: leave the silo alone for a time that doubles with every failure in a row.</summary>
    public void Failed(TSilo silo, TimeSpan first) => Pause(silo, first, s_longestFailure, failed: true);

    private void Pause(TSilo silo, TimeSpan first, TimeSpan longest, bool failed)
    {
        Load load = Of(silo);
        load.InFlight--;
        load.Failed = failed;
        TimeSpan pause = first * Math.Pow(2, Math.Min(load.Pauses++, 10));
        load.PausedUntil = time.GetUtcNow() + ((pause < longest ? pause : longest) * (0.75 + (0.5 * Random.Shared.NextDouble())));
    }

    private Load Of(TSilo silo)
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

        public bool Failed { get; set; }

        public DateTimeOffset PausedUntil { get; set; }
    }
}
