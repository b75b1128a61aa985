using BlindGrain.Gateway.Jobs;
using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Server;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Inference;

/// <summary>Submits encrypted inferences. Everything that can be wrong is found here, before work is queued.</summary>
internal static class InferEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        _ = routes.MapPost("/v2/models/{model}/infer", (HttpContext context, string model, JobSubmitter submitter) => Infer(context, model, null, submitter))
            .WithName("infer").WithSummary("Submits an encrypted inference to the newest version").Accepts<Stream>("application/octet-stream").Requires(CredentialRole.Client);
        _ = routes.MapPost("/v2/models/{model}/versions/{version}/infer", (HttpContext context, string model, string version, JobSubmitter submitter) => Infer(context, model, version, submitter))
            .WithName("infer_version").WithSummary("Submits an encrypted inference").Accepts<Stream>("application/octet-stream").Requires(CredentialRole.Client);
    }

    private static async Task<IResult> Infer(HttpContext context, string model, string? version, JobSubmitter submitter)
    {
        string tenant = context.Tenant();
        JobStatus status = await submitter.Submit(context, tenant, model, version);
        TimeSpan wait = WaitOf(context.Request.Headers);
        status = await submitter.Wait(tenant, status, wait, context.RequestAborted);

        // Who did not ask to wait gets the job, also where a repeated submit finds it done.
        if (wait > TimeSpan.Zero && status.Phase == JobPhase.Succeeded)
        {
            return new InferResult(status);
        }

        string location = $"/v2/jobs/{status.Job}";
        context.Response.Headers["Operation-Location"] = location;
        context.Response.Headers.RetryAfter = "1";
        return Results.Accepted(location, JobDocument.From(status));
    }

    /// <summary>The "wait" preference (RFC 7240), or nothing.</summary>
    private static TimeSpan WaitOf(IHeaderDictionary headers)
    {
        foreach (string preference in headers["Prefer"].SelectMany(h => (h ?? "").Split(',', StringSplitOptions.TrimEntries)))
        {
            if (preference.StartsWith("wait=", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(preference["wait=".Length..], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int seconds))
            {
                return TimeSpan.FromSeconds(Math.Min(seconds, 3600));
            }
        }

        return TimeSpan.Zero;
    }
}
