namespace BlindGrain.Grains.Interfaces;

/// <summary>
/// How busy the cluster's silos are; key <see cref="Key"/>. Sums over all tenants only: no tenant, key set, model or job is named. Even so, exact figures
/// would tell one tenant what another computes; whoever shows them to tenants rounds them.
/// </summary>
[Alias("BlindGrain.IClusterGrain")]
public interface IClusterGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    const string Key = "cluster";

    /// <summary>The present load of every silo that takes work, by address. A silo that does not answer within two seconds is on the list with its address alone.</summary>
    [Alias("GetLoads"), ResponseTimeout("00:00:05")]
    Task<IReadOnlyList<SiloLoad>> GetLoads();
}

/// <summary>The load of one silo.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.SiloLoad")]
public sealed record SiloLoad
{
    /// <summary>The silo's address as jobs name it, "ADDRESS:PORT".</summary>
    [Id(0)] public required string Silo { get; init; }

    /// <summary>Whether the silo answered; nothing else is known of one that did not.</summary>
    [Id(1)] public bool Answers { get; init; }

    /// <summary>When its process began to work, UTC.</summary>
    [Id(2)] public DateTimeOffset Started { get; init; }

    /// <summary>Threads that compute on ciphertexts.</summary>
    [Id(3)] public int Threads { get; init; }

    /// <summary>The processor time that the process took in the last <see cref="Interval"/>, as a fraction of what its computing threads could take, 0 to 1.</summary>
    [Id(4)] public double Processor { get; init; }

    /// <summary>Bytes of expanded keys, reserved or in use.</summary>
    [Id(5)] public long KeyCacheBytes { get; init; }

    /// <summary>The bound of those bytes.</summary>
    [Id(6)] public long KeyCacheLimitBytes { get; init; }

    /// <summary>Bootstraps of this silo's unfinished jobs that are not computed yet, wherever they will be computed.</summary>
    [Id(7)] public long PendingBootstraps { get; init; }

    /// <summary>Bootstraps that the silo computed in each whole <see cref="Interval"/>, the latest last; up to <see cref="MostIntervals"/>.</summary>
    [Id(8)] public long[] Bootstraps { get; init; } = [];

    /// <summary>The number of the latest of those intervals, counted from the calendar's beginning: the same at all silos whose clocks agree.</summary>
    [Id(9)] public long LastInterval { get; init; }

    /// <summary>How long bootstraps are counted together.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How many intervals are remembered: ten minutes.</summary>
    public const int MostIntervals = 120;
}
