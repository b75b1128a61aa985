using System.Security.Claims;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Grains.Interfaces;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace BlindGrain.Gateway.Security;

/// <summary>Bearer tokens of an OpenID Connect issuer: signature, issuer, audience and time are checked, and claims become a tenant and a role.</summary>
internal static class OidcTokens
{
    public const string SchemeName = "Oidc";

    /// <summary>Chooses between API keys and tokens for each request.</summary>
    public const string SelectorName = "Any";

    private const int MaxSubject = 100;
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromSeconds(30);

    /// <summary>Public-key signatures only: a shared secret would let who checks tokens make them.</summary>
    private static readonly string[] s_algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>Adds the scheme where the section is there.</summary>
    /// <returns>The scheme that requests are authenticated by.</returns>
    public static string AddOidcTokens(this IServiceCollection services, IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(OidcOptions.Section);
        if (!section.Exists())
        {
            return ApiKeyAuthenticationHandler.SchemeName;
        }

        OidcOptions options = section.Get<OidcOptions>() ?? new OidcOptions();
        string[] faults = [.. options.Faults()];
        if (faults.Length > 0)
        {
            throw new OptionsValidationException(OidcOptions.Section, typeof(OidcOptions), faults);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, JwtBearerPostConfigureOptions>());
        _ = new AuthenticationBuilder(services)
            .AddScheme<JwtBearerOptions, JwtBearerHandler>(SchemeName, null, jwt => Configure(jwt, options))
            .AddPolicyScheme(SelectorName, null, select => select.ForwardDefaultSelector = Select);
        return SelectorName;
    }

    /// <summary>A token has two dots, a key of ours begins with its prefix.</summary>
    private static string Select(HttpContext context)
    {
        const string Bearer = "Bearer ";
        string header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && header.AsSpan(Bearer.Length).Count('.') == 2 && !header.AsSpan(Bearer.Length).TrimStart().StartsWith(ApiKey.Prefix)
            ? SchemeName
            : ApiKeyAuthenticationHandler.SchemeName;
    }

    private static void Configure(JwtBearerOptions jwt, OidcOptions options)
    {
        jwt.Authority = string.IsNullOrEmpty(options.Authority) ? null : options.Authority;
        jwt.MetadataAddress = string.IsNullOrEmpty(options.MetadataAddress) ? null! : options.MetadataAddress;
        jwt.Audience = options.Audience;
        jwt.RequireHttpsMetadata = options.RequireHttps;
        jwt.MapInboundClaims = false;
        jwt.TokenValidationParameters.ValidAlgorithms = s_algorithms;
        jwt.TokenValidationParameters.ClockSkew = s_clockSkew;
        jwt.TokenValidationParameters.ValidIssuer = string.IsNullOrEmpty(options.Issuer) ? null : options.Issuer;
        if (!string.IsNullOrEmpty(options.KeysFile))
        {
            jwt.TokenValidationParameters.IssuerSigningKeys = new JsonWebKeySet(File.ReadAllText(options.KeysFile)).GetSigningKeys();
        }

        jwt.Events = new JwtBearerEvents
        {
            OnTokenValidated = context => Accept(context, options),
            OnChallenge = Challenge,
        };
    }

    /// <summary>Who a valid token is of.</summary>
    private static Task Accept(TokenValidatedContext context, OidcOptions options)
    {
        ClaimsPrincipal claims = context.Principal!;
        if (claims.FindFirst(options.TenantClaim)?.Value is not { } tenant || !GrainKeys.IsId(tenant))
        {
            context.Fail($"its claim '{options.TenantClaim}' must name the tenant, in {GrainKeys.IdForm}");
            return Task.CompletedTask;
        }

        string[] given = [.. claims.FindAll(options.RoleClaim).Select(c => c.Value)];
        CredentialRole[] roles = [.. given.Select(value => Roles.Parse(options.Roles.Count == 0 ? value : options.Roles.TryGetValue(value, out string? role) ? role : null)).OfType<CredentialRole>()];
        string subject = string.Concat((claims.FindFirst("sub")?.Value ?? "").Take(MaxSubject).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@' ? c : '?'));
        context.Principal = new ClaimsPrincipal(Caller.Identity(SchemeName, tenant, $"oidc-{subject}", roles.DefaultIfEmpty(CredentialRole.Client).Max()));
        return Task.CompletedTask;
    }

    private static Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return Problems.Write(context.HttpContext, StatusCodes.Status401Unauthorized, ErrorCodes.Unauthorized, $"The bearer token is not valid here: {Explain(context.AuthenticateFailure)}.");
    }

    /// <summary>What is wrong, without what only the server's log should have.</summary>
    private static string Explain(Exception? failure) => failure switch
    {
        SecurityTokenExpiredException => "it has expired",
        SecurityTokenNotYetValidException => "its time has not begun",
        SecurityTokenInvalidAudienceException => "it is for another audience",
        SecurityTokenInvalidIssuerException => "it is of another issuer",
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException => "its signature is by no key of the issuer, or the issuer's keys cannot be had at the moment",
        AuthenticationFailureException e => e.Message,
        _ => "it cannot be read or checked",
    };
}
