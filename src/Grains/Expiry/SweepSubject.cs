using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Grains.Expiry;

/// <summary>A job, a key set or a model's upload: what a sweep looks at.</summary>
internal readonly record struct SweepSubject(TenantItemKind Kind, string Tenant, string Id)
{
    /// <summary>The grain of it.</summary>
    public GrainId Grain => Kind switch
    {
        TenantItemKind.Job => GrainId.Create("job", GrainKeys.Job(Tenant, Id)),
        TenantItemKind.KeySet => GrainId.Create("keyset", GrainKeys.KeySet(Tenant, Id)),
        _ => GrainId.Create("modelupload", GrainKeys.Model(Tenant, Parts[0], Parts[1])),
    };

    /// <summary>What all its blobs' names begin with.</summary>
    public string Prefix => Kind switch
    {
        TenantItemKind.Job => BlobNames.Job(Tenant, Id),
        TenantItemKind.KeySet => BlobNames.KeySetFolder(Tenant, Id),
        _ => BlobNames.ModelUpload(Tenant, Parts[0], Parts[1]),
    };

    /// <summary>Model and version of an upload.</summary>
    private string[] Parts => Id.Split('/');

    /// <summary>What a blob belongs to; null where it is of another kind.</summary>
    public static SweepSubject? Of(string blob)
    {
        if (blob.Split('/') is not [BlobNames.Root, string tenant, string kind, string id, string next, ..] parts || !GrainKeys.IsId(tenant) || !GrainKeys.IsId(id))
        {
            return null;
        }

        return kind switch
        {
            "jobs" => new SweepSubject(TenantItemKind.Job, tenant, id),
            "keysets" => new SweepSubject(TenantItemKind.KeySet, tenant, id),
            "uploads" when parts.Length > 5 && GrainKeys.IsId(next) => new SweepSubject(TenantItemKind.ModelUpload, tenant, $"{id}/{next}"),
            _ => null,
        };
    }
}
