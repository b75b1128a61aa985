namespace BlindGrain.Grains.Interfaces;

/// <summary>
/// Who may use the service: the tenants and credentials that administrators have made, kept in the cluster's storage so that every gateway knows the same. One grain, key
/// <see cref="GrainKeys.Access"/>. No key itself ever comes here, only its hash.
/// </summary>
[Alias("BlindGrain.IAccessGrain")]
public interface IAccessGrain : IGrainWithStringKey
{
    /// <summary>The most tenants, and the most credentials in all: gateways hold all of them in memory.</summary>
    const int MostTenants = 10_000, MostCredentials = 20_000;

    /// <summary>Everything, or null where <paramref name="version"/> is still the present one.</summary>
    [Alias("Read")]
    Task<AccessSnapshot?> Read(long version);

    /// <summary>Makes a tenant, or enables or disables one that there is.</summary>
    [Alias("PutTenant")]
    Task<AccessOutcome> PutTenant(string tenant, bool disabled);

    /// <summary>Removes a tenant with all its credentials.</summary>
    [Alias("RemoveTenant")]
    Task<AccessOutcome> RemoveTenant(string tenant);

    /// <summary>Adds a credential to a tenant.</summary>
    [Alias("AddCredential")]
    Task<AccessOutcome> AddCredential(CredentialRecord credential);

    /// <summary>Removes a credential.</summary>
    [Alias("RemoveCredential")]
    Task<AccessOutcome> RemoveCredential(string tenant, string id);
}

/// <summary>What became of a change.</summary>
[GenerateSerializer, Alias("BlindGrain.AccessOutcome")]
public enum AccessOutcome
{
    /// <summary>Something new is there.</summary>
    Created,

    /// <summary>What there was is changed, or was so already.</summary>
    Changed,

    /// <summary>What was to be changed is not there.</summary>
    NotFound,

    /// <summary>There are as many as there may be.</summary>
    Full,
}

/// <summary>What a credential allows; each includes those before it.</summary>
[GenerateSerializer, Alias("BlindGrain.CredentialRole")]
public enum CredentialRole
{
    /// <summary>Uses its tenant's models: reads them, uploads key sets, submits jobs.</summary>
    Client,

    /// <summary>Also uploads and deletes its tenant's models.</summary>
    ModelOwner,

    /// <summary>Also manages all tenants, their credentials and quotas. It does not see what other tenants have.</summary>
    Admin,
}

/// <summary>All tenants and credentials at one moment.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.AccessSnapshot")]
public sealed record AccessSnapshot(
    [property: Id(0)] long Version,
    [property: Id(1)] TenantRecord[] Tenants,
    [property: Id(2)] CredentialRecord[] Credentials);

/// <summary>A tenant.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.TenantRecord")]
public sealed record TenantRecord
{
    /// <summary>Its id.</summary>
    [Id(0)] public required string Tenant { get; init; }

    /// <summary>Whether nobody may use it.</summary>
    [Id(1)] public bool Disabled { get; init; }

    /// <summary>When it was made, UTC.</summary>
    [Id(2)] public required DateTimeOffset Created { get; init; }

    /// <summary>When it was last enabled or disabled, UTC.</summary>
    [Id(3)] public required DateTimeOffset Changed { get; init; }
}

/// <summary>An API key that was issued.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.CredentialRecord")]
public sealed record CredentialRecord
{
    /// <summary>The tenant that it belongs to.</summary>
    [Id(0)] public required string Tenant { get; init; }

    /// <summary>Its id, unique in the cluster; not secret.</summary>
    [Id(1)] public required string Id { get; init; }

    /// <summary>SHA-256 of the key, lower-case hexadecimal.</summary>
    [Id(2)] public required string Sha256 { get; init; }

    /// <summary>What it allows.</summary>
    [Id(3)] public required CredentialRole Role { get; init; }

    /// <summary>What people call it; may be empty.</summary>
    [Id(4)] public required string Name { get; init; }

    /// <summary>When it was issued, UTC.</summary>
    [Id(5)] public required DateTimeOffset Created { get; init; }

    /// <summary>When it ceases to be valid, UTC; null for never.</summary>
    [Id(6)] public DateTimeOffset? Expires { get; init; }
}
