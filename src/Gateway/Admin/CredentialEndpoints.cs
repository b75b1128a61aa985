using BlindGrain.Gateway.Auditing;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Server;
using BlindGrain.Grains.Interfaces;
using Microsoft.AspNetCore.Mvc;

namespace BlindGrain.Gateway.Admin;

/// <summary>API keys, for administrators: issued (shown once), listed, revoked. Everybody may ask who they are.</summary>
internal static class CredentialEndpoints
{
    private const int MaxNameLength = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        const string Path = "/v2/admin/tenants/{tenant}/credentials";
        _ = routes.MapGet(Path, List).WithName("list_credentials").WithSummary("Lists the credentials issued to a tenant").Requires(CredentialRole.Admin);
        _ = routes.MapPost(Path, Issue).WithName("issue_credential").WithSummary("Issues an API key, shown once").WithMetadata(new RequestSizeLimitAttribute(64 << 10)).Requires(CredentialRole.Admin);
        _ = routes.MapDelete($"{Path}/{{credential}}", Revoke).WithName("revoke_credential").WithSummary("Revokes an API key").Requires(CredentialRole.Admin);
        _ = routes.MapGet("/v2/credential", (HttpContext context) => new CallerDocument(
            context.Tenant(), Caller.Credential(context.User) ?? "", Roles.Name(Roles.Of(context.User) ?? CredentialRole.Client))).WithName("get_credential").WithSummary("Who you are").Requires(CredentialRole.Client);
    }

    private static async Task<CredentialListDocument> List(HttpContext context, string tenant, AccessDirectory directory)
    {
        var page = Page.Of(context);
        _ = await TenantEndpoints.Find(directory, tenant);
        var credentials = directory.Snapshot.Credentials.Where(c => c.Tenant == tenant).ToDictionary(c => c.Id, StringComparer.Ordinal);
        (string[] ids, string? next) = page.Cut([.. credentials.Keys]);
        return new CredentialListDocument([.. ids.Select(id => CredentialDocument.From(credentials[id]))], next);
    }

    private static async Task<IResult> Issue(HttpContext context, string tenant, CredentialSettings settings, AccessDirectory directory, TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        CredentialRole role = Roles.Parse(settings.Role ?? Roles.Client)
            ?? throw ProblemException.BadRequest(ErrorCodes.InvalidRequest, $"There is no role '{settings.Role}'; take {Roles.All}.");
        if (settings.Name?.Length > MaxNameLength || settings.Name?.Any(char.IsControl) == true)
        {
            throw ProblemException.BadRequest(ErrorCodes.InvalidRequest, $"A name has at most {MaxNameLength} characters, without control characters.");
        }

        if (settings.Expires <= now)
        {
            throw ProblemException.BadRequest(ErrorCodes.InvalidRequest, $"'expires' is {settings.Expires:u}, which is past; leave it out for a key without end.");
        }

        string id = ApiKey.NewId(), key = ApiKey.Generate(id);
        var record = new CredentialRecord { Tenant = tenant, Id = id, Sha256 = ApiKey.Hash(key), Role = role, Name = settings.Name ?? "", Created = now, Expires = settings.Expires?.ToUniversalTime() };
        switch (await directory.Grain.AddCredential(record))
        {
            case AccessOutcome.NotFound:
                throw ProblemException.NotFound(ErrorCodes.TenantNotFound, $"There is no tenant '{tenant}'. PUT /v2/admin/tenants/{tenant} makes one.");
            case AccessOutcome.Full:
                throw ProblemException.Conflict(ErrorCodes.TooMany, $"There are {IAccessGrain.MostCredentials} credentials, the most that there may be; revoke some.");
            default:
                break;
        }

        AuditTrail.Subject(context, id);
        await directory.Refresh();
        context.Response.Headers.CacheControl = "no-store";
        return Results.Created($"/v2/admin/tenants/{tenant}/credentials/{id}", new IssuedCredentialDocument(id, Roles.Name(role), record.Name, now, record.Expires, key));
    }

    private static async Task<IResult> Revoke(string tenant, string credential, AccessDirectory directory)
    {
        if (await directory.Grain.RemoveCredential(tenant, credential) == AccessOutcome.NotFound)
        {
            throw ProblemException.NotFound(ErrorCodes.CredentialNotFound, $"The tenant '{tenant}' has no credential '{credential}' that was issued here; those of the settings are removed there.");
        }

        await directory.Refresh();
        return Results.NoContent();
    }
}
