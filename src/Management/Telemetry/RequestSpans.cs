using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Instrumentation.AspNetCore;

namespace BlindGrain.Management.Telemetry;

/// <summary>Which requests become spans, and what these do not say: names of tenants' models and key sets are in paths and queries, so that only the route is kept.</summary>
internal static class RequestSpans
{
    /// <summary>What a path or query could be told by, in the present and the former conventions.</summary>
    private static readonly string[] s_telling = ["url.path", "url.query", "url.full", "http.target", "http.url"];

    public static void Configure(AspNetCoreTraceInstrumentationOptions requests, ManagementOptions management)
    {
        requests.RecordException = false;
        requests.Filter = context => !IsWatching(context, management);
        requests.EnrichWithHttpRequest = (span, _) => Clean(span);
        requests.EnrichWithHttpResponse = (span, _) => Clean(span);
    }

    /// <summary>Probes and scrapes come every few seconds and tell nothing.</summary>
    private static bool IsWatching(HttpContext context, ManagementOptions management) =>
        (management.Port > 0 && context.Connection.LocalPort == management.Port) || context.Request.Path.StartsWithSegments("/v2/health", StringComparison.Ordinal);

    private static void Clean(Activity span)
    {
        foreach (string name in s_telling)
        {
            _ = span.SetTag(name, null);
        }
    }
}
