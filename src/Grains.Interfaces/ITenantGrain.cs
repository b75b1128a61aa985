namespace BlindGrain.Grains.Interfaces;

/// <summary>The index of what one tenant has, and its idempotency keys; key <see cref="GrainKeys.Tenant"/>.</summary>
[Alias("BlindGrain.ITenantGrain")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Notes that something exists.</summary>
    [Alias("Add")]
    Task Add(TenantItem item);

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
}

/// <summary>One thing that a tenant has.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.TenantItem")]
public sealed record TenantItem([property: Id(0)] TenantItemKind Kind, [property: Id(1)] string Id);
