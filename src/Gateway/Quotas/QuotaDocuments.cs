using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Quotas;

/// <summary>Quotas that an administrator sets for a tenant: absent is the cluster's default, -1 no limit.</summary>
internal sealed record QuotaSettings(long? Models, long? KeyBytes, long? ConcurrentJobs, long? BootstrapsPerDay)
{
    public static QuotaSettings From(TenantQuotas quotas) => new(quotas.Models, quotas.KeyBytes, quotas.ConcurrentJobs, quotas.BootstrapsPerDay);

    public TenantQuotas ToQuotas() => new() { Models = Models, KeyBytes = KeyBytes, ConcurrentJobs = ConcurrentJobs, BootstrapsPerDay = BootstrapsPerDay };
}

/// <summary>One quota: its limit, null for none, and what is used.</summary>
internal sealed record QuotaUseDocument(long? Limit, long Used)
{
    public static QuotaUseDocument From(QuotaUse use) => new(use.Limit == TenantQuotas.Unlimited ? null : use.Limit, use.Used);
}

/// <summary>What a tenant uses of its quotas; <paramref name="DayEnds"/> is when the bootstraps count anew.</summary>
internal sealed record QuotasDocument(QuotaUseDocument Models, QuotaUseDocument KeyBytes, QuotaUseDocument ConcurrentJobs, QuotaUseDocument BootstrapsPerDay, DateTimeOffset DayEnds)
{
    public static QuotasDocument From(TenantUse use) => new(
        QuotaUseDocument.From(use.Models),
        QuotaUseDocument.From(use.KeyBytes),
        QuotaUseDocument.From(use.ConcurrentJobs),
        QuotaUseDocument.From(use.BootstrapsPerDay),
        use.DayEnds);
}
