using System.Security.Claims;
using System.Text.Encodings.Web;
using BlindGrain.Gateway.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Security;

/// <summary>Authenticates "Authorization: Bearer KEY" or "X-API-Key: KEY" against the stored hashes, in constant time.</summary>
internal sealed class ApiKeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    CredentialCheck credentials)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    public const string SchemeName = "ApiKey";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (KeyOf(Request.Headers) is not { } key)
        {
            return AuthenticateResult.NoResult();
        }

        return await credentials.Find(key) is { } identity
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName))
            : AuthenticateResult.Fail("Unknown API key.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        string detail = KeyOf(Request.Headers) is null
            ? "This needs an API key: send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'."
            : "The API key is not known here, was revoked, or has expired. Check that it is whole (it begins with 'bg_') and belongs to this server.";
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
