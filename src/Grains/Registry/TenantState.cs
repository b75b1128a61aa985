using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Registry;

/// <summary>What is stored of a tenant.</summary>
internal sealed class TenantState
{
    /// <summary>Everything there is, oldest first.</summary>
    public List<TenantItem> Items { get; set; } = [];

    /// <summary>The jobs of idempotency keys, oldest first.</summary>
    public List<IdempotentJob> Idempotency { get; set; } = [];

    /// <summary>Jobs that count as unfinished, oldest first.</summary>
    public List<UnfinishedJob> Unfinished { get; set; } = [];

    /// <summary>What administrators have set.</summary>
    public TenantQuotas Quotas { get; set; } = new();

    /// <summary>The day (UTC) that <see cref="DayBootstraps"/> counts.</summary>
    public DateOnly Day { get; set; }

    /// <summary>Bootstraps of the jobs accepted on <see cref="Day"/>.</summary>
    public long DayBootstraps { get; set; }
}

/// <summary>The job that an idempotency key stands for.</summary>
internal sealed record IdempotentJob(string Key, string Job);

/// <summary>A job that was accepted and has not been seen to end.</summary>
internal sealed record UnfinishedJob(string Job, DateTimeOffset Since);
