using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Cluster;

/// <summary>
/// How busy the cluster is, over all tenants. Rounded (<see cref="CoarseFigures"/>), so that a tenant cannot tell from it which model another one runs.
/// </summary>
internal sealed record ClusterDocument(int Threads, double PendingBootstraps, double BootstrapsPerSecond, SiloDocument[] Silos, ThroughputDocument Throughput)
{
    /// <summary>Puts the silos' loads together.</summary>
    public static ClusterDocument From(IReadOnlyList<SiloLoad> loads)
    {
        SiloLoad[] known = [.. loads.Where(l => l.Answers)];
        return new ClusterDocument(
            known.Sum(l => l.Threads),
            CoarseFigures.Amount(known.Sum(l => l.PendingBootstraps)),
            CoarseFigures.Amount(known.Sum(SiloDocument.Rate)),
            [.. loads.Select(SiloDocument.From)],
            ThroughputDocument.From(known));
    }
}

/// <summary>One silo; of one that does not answer nothing is known but its address.</summary>
internal sealed record SiloDocument(string Silo, bool Answers, DateTimeOffset? Started, int? Threads, double? Load, double? KeyCacheUsed, long? KeyCacheBytes, double? BootstrapsPerSecond)
{
    /// <summary>Describes a silo.</summary>
    public static SiloDocument From(SiloLoad load) => load.Answers
        ? new SiloDocument(
            load.Silo,
            true,
            load.Started,
            load.Threads,
            CoarseFigures.Fraction(load.Processor),
            CoarseFigures.Fraction((double)load.KeyCacheBytes / load.KeyCacheLimitBytes),
            load.KeyCacheLimitBytes,
            CoarseFigures.Amount(Rate(load)))
        : new SiloDocument(load.Silo, false, null, null, null, null, null, null);

    /// <summary>Bootstraps a second in the last whole interval.</summary>
    public static double Rate(SiloLoad load) => load.Bootstraps.LastOrDefault() / SiloLoad.Interval.TotalSeconds;
}

/// <summary>Bootstraps a second of all silos in each interval, the latest last; it ended at <paramref name="Ended"/>.</summary>
internal sealed record ThroughputDocument(double IntervalSeconds, DateTimeOffset? Ended, double[] BootstrapsPerSecond)
{
    /// <summary>Adds up what the silos counted in the same intervals.</summary>
    public static ThroughputDocument From(IReadOnlyList<SiloLoad> loads)
    {
        SiloLoad[] counted = [.. loads.Where(l => l.Bootstraps.Length > 0)];
        if (counted.Length == 0)
        {
            return new ThroughputDocument(SiloLoad.Interval.TotalSeconds, null, []);
        }

        long last = counted.Max(l => l.LastInterval);
        var sums = new long[counted.Max(l => l.Bootstraps.Length)];
        foreach (SiloLoad load in counted)
        {
            for (int i = 0; i < load.Bootstraps.Length; i++)
            {
                // A silo whose clock is behind has nothing to say of the latest intervals, and too much of the oldest.
                long place = sums.Length - 1 - (last - load.LastInterval) - (load.Bootstraps.Length - 1 - i);
                if (place >= 0)
                {
                    sums[place] += load.Bootstraps[i];
                }
            }
        }

        return new ThroughputDocument(
            SiloLoad.Interval.TotalSeconds,
            new DateTimeOffset((last + 1) * SiloLoad.Interval.Ticks, TimeSpan.Zero),
            [.. sums.Select(s => CoarseFigures.Amount(s / SiloLoad.Interval.TotalSeconds))]);
    }
}
