using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Grains.Expiry;

/// <summary>A job or a key set: what a sweep looks at.</summary>
internal readonly record struct SweepSubject(TenantItemKind Kind, string Tenant, string Id)
{
    /// <summary>The grain of it.</summary>
    public GrainId Grain => Kind == TenantItemKind.Job ? GrainId.Create("job", GrainKeys.Job(Tenant, Id)) : GrainId.Create("keyset", GrainKeys.KeySet(Tenant, Id));

    /// <summary>What all its blobs' names begin with.</summary>
    public string Prefix => Kind == TenantItemKind.Job ? BlobNames.Job(Tenant, Id) : BlobNames.KeySetFolder(Tenant, Id);

    /// <summary>What a blob belongs to; null where it is of another kind.</summary>
    public static SweepSubject? Of(string blob) => blob.Split('/') is not [BlobNames.Root, string tenant, string kind, string id, _, ..] || !GrainKeys.IsId(tenant) || !GrainKeys.IsId(id)
        ? null
        : kind switch
        {
            "jobs" => new SweepSubject(TenantItemKind.Job, tenant, id),
            "keysets" => new SweepSubject(TenantItemKind.KeySet, tenant, id),
            _ => null,
        };
}
