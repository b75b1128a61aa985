using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Hosting;

/// <summary>What each tenant may have or do where administrators have set nothing else for it; section "Quotas" of the configuration. -1 is no limit, 0 is nothing at all.</summary>
public sealed class QuotaOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Quotas";

    /// <summary>Model versions.</summary>
    public long Models { get; set; } = 1000;

    /// <summary>Bytes of all key sets, complete or announced.</summary>
    public long KeyBytes { get; set; } = 64L << 30;

    /// <summary>Jobs that have not ended.</summary>
    public long ConcurrentJobs { get; set; } = 10_000;

    /// <summary>Bootstraps of the jobs accepted on one day (UTC).</summary>
    public long BootstrapsPerDay { get; set; } = TenantQuotas.Unlimited;

    internal TenantQuotas ToQuotas() => new() { Models = Models, KeyBytes = KeyBytes, ConcurrentJobs = ConcurrentJobs, BootstrapsPerDay = BootstrapsPerDay };
}
