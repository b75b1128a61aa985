using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Security;

/// <summary>Authenticates "Authorization: Bearer KEY" or "X-API-Key: KEY" against the stored hashes, all of them, in constant time.</summary>
internal sealed class ApiKeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    IOptionsMonitor<GatewayOptions> gateway)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    public const string SchemeName = "ApiKey";

    /// <summary>The claim that names the tenant.</summary>
    public const string TenantClaim = "tenant";

    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? key = KeyOf(Request.Headers);
        if (key is null)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        byte[] hash = Encoding.ASCII.GetBytes(ApiKey.Hash(key));
        string? tenant = null;
        foreach (ApiKeyOptions credential in gateway.CurrentValue.ApiKeys)
        {
            // No early exit: the time taken must not tell which entry fits.
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(credential.Sha256)))
            {
                tenant = credential.Tenant;
            }
        }

        if (tenant is null)
        {
            return Task.FromResult(AuthenticateResult.Fail("Unknown API key."));
        }

        var identity = new ClaimsIdentity([new Claim(TenantClaim, tenant)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        string detail = KeyOf(Request.Headers) is null
            ? "This needs an API key: send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'."
            : "The API key is not known here. Check that it is whole (it begins with 'bg_') and belongs to this server.";
        return Problems.Write(Context, StatusCodes.Status401Unauthorized, ErrorCodes.Unauthorized, detail);
    }

    private static string? KeyOf(IHeaderDictionary headers)
    {
        string authorization = headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return authorization[Bearer.Length..].Trim();
        }

        string key = headers["X-API-Key"].ToString();
        return key.Length > 0 ? key : null;
    }
}
