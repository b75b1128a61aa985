using System.Security.Claims;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Security;

/// <summary>Who asks, as every way of authentication tells it.</summary>
internal static class Caller
{
    /// <summary>The claim that names the tenant.</summary>
    public const string TenantClaim = "tenant";

    /// <summary>The claim that names the credential; never the secret itself.</summary>
    public const string CredentialClaim = "credential";

    public static ClaimsIdentity Identity(string scheme, string tenant, string credential, CredentialRole role) =>
        new([new Claim(TenantClaim, tenant), new Claim(CredentialClaim, credential), new Claim(Roles.Claim, Roles.Name(role))], scheme, CredentialClaim, Roles.Claim);

    public static string? Tenant(ClaimsPrincipal user) => user.FindFirst(TenantClaim)?.Value;

    public static string? Credential(ClaimsPrincipal user) => user.FindFirst(CredentialClaim)?.Value;
}
