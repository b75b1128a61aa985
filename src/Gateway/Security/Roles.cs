using System.Security.Claims;
using BlindGrain.Grains.Interfaces;
using Microsoft.AspNetCore.Authorization;

namespace BlindGrain.Gateway.Security;

/// <summary>The roles by the names that settings, documents and claims have for them.</summary>
internal static class Roles
{
    public const string Client = "client";
    public const string ModelOwner = "model_owner";
    public const string Admin = "admin";

    /// <summary>The names, for messages.</summary>
    public const string All = $"{Client}, {ModelOwner} or {Admin}";

    /// <summary>The claim that names the role.</summary>
    public const string Claim = "role";

    /// <summary>The role of that name; null where there is none.</summary>
    public static CredentialRole? Parse(string? name) => name switch
    {
        Client => CredentialRole.Client,
        ModelOwner => CredentialRole.ModelOwner,
        Admin => CredentialRole.Admin,
        _ => null,
    };

    /// <summary>The name of a role.</summary>
    public static string Name(CredentialRole role) => role switch
    {
        CredentialRole.Admin => Admin,
        CredentialRole.ModelOwner => ModelOwner,
        _ => Client,
    };

    /// <summary>The role of who asks; null for somebody unknown.</summary>
    public static CredentialRole? Of(ClaimsPrincipal user) => Parse(user.FindFirst(Claim)?.Value);

    /// <summary>Lets only those use a route who have at least this role.</summary>
    public static T Requires<T>(this T route, CredentialRole role)
        where T : IEndpointConventionBuilder => route.RequireAuthorization(new AuthorizationPolicyBuilder().AddRequirements(new RoleRequirement(role)).Build()).WithMetadata(new RequiredRole(role));
}

/// <summary>The least role that a route asks for.</summary>
internal sealed record RequiredRole(CredentialRole Role);
