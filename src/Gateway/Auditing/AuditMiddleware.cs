using System.Diagnostics;
using System.Net;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Security;

namespace BlindGrain.Gateway.Auditing;

/// <summary>Notes every request that changes something, and every one that was denied. Chunks of uploads are not noted, their announcement and commit are.</summary>
internal sealed class AuditMiddleware(RequestDelegate next, AuditTrail trail, TimeProvider time)
{
    private const int MaxPart = 64;

    /// <summary>The parts of a route that are ids, in the order in which a subject has them.</summary>
    private static readonly string[] s_ids = ["tenant", "credential", "model", "version", "id"];

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (IsNoted(context))
            {
                await trail.Write(Describe(context));
            }
        }
    }

    private static bool IsNoted(HttpContext context)
    {
        int status = context.Response.StatusCode;
        return status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
            || (context.GetEndpoint() is { } endpoint
                && !HttpMethods.IsGet(context.Request.Method)
                && !HttpMethods.IsHead(context.Request.Method)
                && (status >= StatusCodes.Status400BadRequest || endpoint.Metadata.GetMetadata<NotAudited>() is null));
    }

    private AuditEvent Describe(HttpContext context)
    {
        IEnumerable<string?> subject = s_ids.Select(name => context.Request.RouteValues.GetValueOrDefault(name) as string).Append(AuditTrail.SubjectOf(context));
        IPAddress? address = context.Connection.RemoteIpAddress;
        return new AuditEvent(
            time.GetUtcNow(),
            Caller.Tenant(context.User),
            Caller.Credential(context.User),
            context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "unknown",
            string.Join('/', subject.OfType<string>().Select(Clean)),
            context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted ? StatusCodes.Status499ClientClosedRequest : context.Response.StatusCode,
            context.Items.TryGetValue(Problems.CodeItem, out object? code) ? code as string : null,
            (address?.IsIPv4MappedToIPv6 == true ? address.MapToIPv4() : address)?.ToString() ?? "unknown",
            Activity.Current?.TraceId.ToString());
    }

    /// <summary>An id as it was sent may be anything: what could not be one is cut, and shown without what could forge a line.</summary>
    private static string Clean(string part) => string.Concat(part.Take(MaxPart).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '?'));
}

/// <summary>A route whose successes are too many to note.</summary>
internal sealed record NotAudited;
