using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Server;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Jobs;

/// <summary>Jobs: state, events, result, cancellation.</summary>
internal static class JobEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        _ = routes.MapGet("/v2/jobs", List).WithName("list_jobs").WithSummary("Lists your jobs").Requires(CredentialRole.Client);
        _ = routes.MapGet("/v2/jobs/{id}", Get).WithName("get_job").WithSummary("State of a job").Requires(CredentialRole.Client);
        _ = routes.MapGet("/v2/jobs/{id}/result", Result).WithName("get_job_result").WithSummary("Encrypted result of a job").Requires(CredentialRole.Client);
        _ = routes.MapGet("/v2/jobs/{id}/events", Events).WithName("watch_job").WithSummary("Follows a job as server-sent events").Requires(CredentialRole.Client);
        _ = routes.MapDelete("/v2/jobs/{id}", Cancel).WithName("cancel_job").WithSummary("Cancels a job").Requires(CredentialRole.Client);
    }

    private static async Task<JobListDocument> List(HttpContext context, IGrainFactory grains)
    {
        var page = Page.Of(context);
        (string[] ids, string? next) = page.Cut([.. (await grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(context.Tenant())).List(TenantItemKind.Job)).Select(i => i.Id)]);
        return new JobListDocument(ids, next);
    }

    private static async Task<JobDocument> Get(HttpContext context, string id, IGrainFactory grains) => JobDocument.From(await Find(context.Tenant(), id, grains));

    private static async Task<IResult> Result(HttpContext context, string id, IGrainFactory grains, IBlobStore blobs)
    {
        JobStatus status = await Find(context.Tenant(), id, grains);
        if (status.Phase is JobPhase.Failed or JobPhase.Cancelled)
        {
            throw ProblemException.Conflict(ErrorCodes.JobNotSucceeded, $"Job '{id}' has no result: it {(status.Phase == JobPhase.Failed ? $"failed ({status.Error})" : "was cancelled")}.");
        }

        if (status.Phase != JobPhase.Succeeded)
        {
            context.Response.Headers.RetryAfter = "1";
            throw ProblemException.Conflict(ErrorCodes.JobNotFinished, $"Job '{id}' is {JobDocument.From(status).Phase}, {status.BootstrapsDone} of {status.BootstrapsTotal} bootstraps done; ask again later, or follow /v2/jobs/{id}/events.");
        }

        BlobContent content = await blobs.OpenAsync(BlobNames.JobResult(context.Tenant(), id), context.RequestAborted)
            ?? throw ProblemException.NotFound(ErrorCodes.JobNotFound, $"The result of job '{id}' is gone.");
        return Results.Stream(content.Stream, "application/octet-stream", entityTag: new($"\"{content.ETag.Trim('"')}\""), enableRangeProcessing: content.Stream.CanSeek);
    }

    private static async Task<IResult> Events(HttpContext context, string id, IGrainFactory grains, IOptions<GatewayOptions> options)
    {
        JobStatus status = await Find(context.Tenant(), id, grains);
        string last = context.Request.Headers["Last-Event-ID"].ToString();
        long seen = long.TryParse(last, System.Globalization.CultureInfo.InvariantCulture, out long revision) ? revision : -1;
        if (JobDocument.HasEnded(status.Phase) && seen >= status.Revision)
        {
            // Tells an event source that there is nothing to come back for.
            return Results.NoContent();
        }

        IInferenceJobGrain grain = grains.GetGrain<IInferenceJobGrain>(GrainKeys.Job(context.Tenant(), id));
        return new JobEventStream(grain, status, seen, options.Value.PollInterval, options.Value.EventHeartbeat);
    }

    private static async Task<JobDocument> Cancel(HttpContext context, string id, IGrainFactory grains)
    {
        JobStatus status = await Find(context.Tenant(), id, grains);
        return JobDocument.From(await grains.GetGrain<IInferenceJobGrain>(GrainKeys.Job(context.Tenant(), id)).Cancel() ?? status);
    }

    private static async Task<JobStatus> Find(string tenant, string id, IGrainFactory grains) =>
        (GrainKeys.IsId(id) ? await JobReader.Read(grains.GetGrain<IInferenceJobGrain>(GrainKeys.Job(tenant, id))) : null)
        ?? throw ProblemException.NotFound(ErrorCodes.JobNotFound, $"There is no job '{id}'. GET /v2/jobs lists yours.");
}
