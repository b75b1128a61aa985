using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using BlindGrain.Gateway.Auditing;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Security;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Dashboard;

/// <summary>
/// Lets administrators see the dashboard, and of it what counts and nothing that names: grains' states, reminders and the log hold what tenants have, which administrators are not told either.
/// A browser asks for user and password: the password is the API key, of whatever user.
/// </summary>
internal sealed class DashboardGuard(RequestDelegate next, CredentialCheck credentials, AccessDirectory directory, AuditTrail trail, TimeProvider time)
{
    private static readonly string[] s_telling = ["/GrainState", "/Reminders", "/Trace", "/LifecycleStages"];

    public async Task InvokeAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        ClaimsIdentity? caller = KeyOf(context.Request.Headers) is { } key ? await credentials.Find(key) : null;
        var user = new ClaimsPrincipal(caller ?? new ClaimsIdentity());
        if (caller is null)
        {
            headers.WWWAuthenticate = "Basic realm=\"BlindGrain\", charset=\"UTF-8\"";
            await Deny(context, user, StatusCodes.Status401Unauthorized, ErrorCodes.Unauthorized, "This needs an administrator's API key, as the password of any user or as 'Authorization: Bearer KEY'.");
        }
        else if (Roles.Of(user) != CredentialRole.Admin)
        {
            await Deny(context, user, StatusCodes.Status403Forbidden, ErrorCodes.Forbidden, $"This needs a credential with the role {Roles.Admin}.");
        }
        else if (directory.FindTenant(Caller.Tenant(user)!) is { Disabled: true })
        {
            await Deny(context, user, StatusCodes.Status403Forbidden, ErrorCodes.TenantDisabled, "The tenant is disabled.");
        }
        else if (s_telling.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)))
        {
            await Problems.Write(context, StatusCodes.Status404NotFound, ErrorCodes.NotFound, "This part of the dashboard would tell what tenants have; it is left out.");
        }
        else
        {
            await next(context);
        }
    }

    private static string? KeyOf(IHeaderDictionary headers)
    {
        if (!AuthenticationHeaderValue.TryParse(headers.Authorization, out AuthenticationHeaderValue? authorization) || authorization.Parameter is not { } parameter)
        {
            return null;
        }

        if (string.Equals(authorization.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return parameter;
        }

        var password = new byte[parameter.Length];
        return string.Equals(authorization.Scheme, "Basic", StringComparison.OrdinalIgnoreCase) && Convert.TryFromBase64String(parameter, password, out int length)
            && Encoding.UTF8.GetString(password, 0, length) is var text && text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
            ? text[(colon + 1)..]
            : null;
    }

    private async Task Deny(HttpContext context, ClaimsPrincipal user, int status, string code, string detail)
    {
        string address = context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        await trail.Write(new AuditEvent(time.GetUtcNow(), Caller.Tenant(user), Caller.Credential(user), "see_dashboard", "", status, code, address, null));
        await Problems.Write(context, status, code, detail);
    }
}
