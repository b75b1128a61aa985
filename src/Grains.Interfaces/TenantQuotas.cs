namespace BlindGrain.Grains.Interfaces;

/// <summary>What a tenant may have or do. A quota that is null is the cluster's default; <see cref="Unlimited"/> is no limit; 0 is nothing at all.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.TenantQuotas")]
public sealed record TenantQuotas
{
    /// <summary>No limit.</summary>
    public const long Unlimited = -1;

    /// <summary>Model versions.</summary>
    [Id(0)] public long? Models { get; init; }

    /// <summary>Bytes of all key sets, complete or announced.</summary>
    [Id(1)] public long? KeyBytes { get; init; }

    /// <summary>Jobs that have not ended.</summary>
    [Id(2)] public long? ConcurrentJobs { get; init; }

    /// <summary>Bootstraps of the jobs accepted on one day (UTC).</summary>
    [Id(3)] public long? BootstrapsPerDay { get; init; }

    /// <summary>The quotas that are out of range.</summary>
    public IEnumerable<string> Faults() =>
        from quota in new (string Name, long? Value)[] { (nameof(Models), Models), (nameof(KeyBytes), KeyBytes), (nameof(ConcurrentJobs), ConcurrentJobs), (nameof(BootstrapsPerDay), BootstrapsPerDay) }
        where quota.Value < Unlimited
        select $"{quota.Name} is {quota.Value}; take 0 or more, or {Unlimited} for no limit.";
}

/// <summary>The quotas there are.</summary>
[GenerateSerializer, Alias("BlindGrain.QuotaKind")]
public enum QuotaKind
{
    /// <summary>Model versions.</summary>
    Models,

    /// <summary>Bytes of key sets.</summary>
    KeyBytes,

    /// <summary>Jobs that have not ended.</summary>
    ConcurrentJobs,

    /// <summary>Bootstraps of one day's jobs.</summary>
    BootstrapsPerDay,
}

/// <summary>A quota and what of it is used.</summary>
/// <param name="Limit">The limit; <see cref="TenantQuotas.Unlimited"/> where there is none.</param>
/// <param name="Used">What is used.</param>
[GenerateSerializer, Immutable, Alias("BlindGrain.QuotaUse")]
public sealed record QuotaUse([property: Id(0)] long Limit, [property: Id(1)] long Used)
{
    /// <summary>Whether <paramref name="more"/> would be too much.</summary>
    public bool Exceeds(long more) => Limit != TenantQuotas.Unlimited && more > Limit - Used;
}

/// <summary>What a tenant uses.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.TenantUse")]
public sealed record TenantUse
{
    /// <summary>Model versions.</summary>
    [Id(0)] public required QuotaUse Models { get; init; }

    /// <summary>Bytes of key sets.</summary>
    [Id(1)] public required QuotaUse KeyBytes { get; init; }

    /// <summary>Jobs that have not ended.</summary>
    [Id(2)] public required QuotaUse ConcurrentJobs { get; init; }

    /// <summary>Bootstraps of today's jobs.</summary>
    [Id(3)] public required QuotaUse BootstrapsPerDay { get; init; }

    /// <summary>When the day of <see cref="BootstrapsPerDay"/> ends, UTC.</summary>
    [Id(4)] public required DateTimeOffset DayEnds { get; init; }

    /// <summary>What administrators have set for this tenant.</summary>
    [Id(5)] public required TenantQuotas Overrides { get; init; }
}
