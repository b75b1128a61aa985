namespace BlindGrain.Gateway.Jobs;

/// <summary>How often a job is looked at: often at first, for short jobs, then ever less.</summary>
internal static class JobPolling
{
    /// <summary>The first pause.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(5);

    /// <summary>The pause after <paramref name="pause"/>, never longer than <paramref name="longest"/>.</summary>
    public static TimeSpan Next(TimeSpan pause, TimeSpan longest)
    {
        TimeSpan next = pause * 1.25;
        return next < longest ? next : longest;
    }
}
