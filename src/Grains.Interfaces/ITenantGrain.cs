namespace BlindGrain.Grains.Interfaces;

/// <summary>The index of what one tenant has, its quotas, and its idempotency keys; key <see cref="GrainKeys.Tenant"/>.</summary>
[Alias("BlindGrain.ITenantGrain")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Notes that something exists.</summary>
    [Alias("Add")]
    Task Add(TenantItem item);

    /// <summary>Notes that something is about to exist, where the tenant's quotas leave room for it. What is noted already is not counted twice.</summary>
    /// <exception cref="QuotaExceededException">They do not.</exception>
    [Alias("Reserve")]
    Task Reserve(TenantItem item);

    /// <summary>Takes back a reservation of this day, as if it had never been.</summary>
    [Alias("Release")]
    Task Release(TenantItem item);

    /// <summary>Notes that a job has ended. A note that is lost is made up for.</summary>
    [Alias("JobEnded")]
    Task JobEnded(string job);

    /// <summary>What the tenant uses of its quotas.</summary>
    [Alias("GetUse")]
    Task<TenantUse> GetUse();

    /// <summary>Sets the tenant's own quotas. What is above a lower one stays.</summary>
    /// <exception cref="ArgumentException">One is out of range.</exception>
    [Alias("SetQuotas")]
    Task SetQuotas(TenantQuotas quotas);

    /// <summary>Notes that something is gone.</summary>
    [Alias("Remove")]
    Task Remove(TenantItem item);

    /// <summary>The items of one kind, oldest first.</summary>
    [Alias("List")]
    Task<IReadOnlyList<TenantItem>> List(TenantItemKind kind);

    /// <summary>The job that an idempotency key stands for: the first caller's <paramref name="proposedJob"/>, whoever asks later.</summary>
    [Alias("ClaimIdempotencyKey")]
    Task<string> ClaimIdempotencyKey(string idempotencyKey, string proposedJob);
}

/// <summary>The kinds of things a tenant has.</summary>
[GenerateSerializer, Alias("BlindGrain.TenantItemKind")]
public enum TenantItemKind
{
    /// <summary>A model's version; the id is "model/version".</summary>
    Model,

    /// <summary>A key set.</summary>
    KeySet,

    /// <summary>A job.</summary>
    Job,

    /// <summary>A model's version that is being uploaded in chunks; the id is "model/version". It holds the place of the model that it is to be.</summary>
    ModelUpload,
}

/// <summary>One thing that a tenant has.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.TenantItem")]
public sealed record TenantItem([property: Id(0)] TenantItemKind Kind, [property: Id(1)] string Id)
{
    /// <summary>A key set's or a model upload's bytes, or a job's bootstraps; nothing for a model.</summary>
    [Id(2)] public long Size { get; init; }

    /// <summary>Whether both name the same thing.</summary>
    public bool Names(TenantItem? other) => other is not null && Kind == other.Kind && Id == other.Id;
}
