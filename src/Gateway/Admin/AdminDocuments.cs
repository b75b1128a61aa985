using BlindGrain.Gateway.Quotas;
using BlindGrain.Gateway.Security;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Admin;

/// <summary>What an administrator wants of a tenant: all of it; what is absent is the default.</summary>
internal sealed record TenantSettings(bool Disabled, QuotaSettings? Quotas);

/// <summary>A tenant.</summary>
internal sealed record TenantDocument(string Tenant, bool Disabled, DateTimeOffset Created, DateTimeOffset Changed)
{
    public static TenantDocument From(TenantRecord tenant) => new(tenant.Tenant, tenant.Disabled, tenant.Created, tenant.Changed);
}

/// <summary>A tenant with what it may have (<paramref name="Quotas"/>, as set for it) and what it uses.</summary>
internal sealed record TenantDetails(string Tenant, bool Disabled, DateTimeOffset Created, DateTimeOffset Changed, QuotaSettings Quotas, QuotasDocument Use);

/// <summary>Tenants, oldest first, and what to ask for "after" where there are more.</summary>
internal sealed record TenantListDocument(TenantDocument[] Tenants, string? Next);

/// <summary>What an administrator wants of a credential: a role ("client" where it is absent), a name for people, and when it ends.</summary>
internal sealed record CredentialSettings(string? Role, string? Name, DateTimeOffset? Expires);

/// <summary>A credential, without its key.</summary>
internal sealed record CredentialDocument(string Id, string Role, string Name, DateTimeOffset Created, DateTimeOffset? Expires)
{
    public static CredentialDocument From(CredentialRecord credential) => new(credential.Id, Roles.Name(credential.Role), credential.Name, credential.Created, credential.Expires);
}

/// <summary>A credential that was issued, with its key: shown this once, stored nowhere.</summary>
internal sealed record IssuedCredentialDocument(string Id, string Role, string Name, DateTimeOffset Created, DateTimeOffset? Expires, string Key);

/// <summary>A tenant's credentials, oldest first, and what to ask for "after" where there are more.</summary>
internal sealed record CredentialListDocument(CredentialDocument[] Credentials, string? Next);

/// <summary>Who asks.</summary>
internal sealed record CallerDocument(string Tenant, string Credential, string Role);
