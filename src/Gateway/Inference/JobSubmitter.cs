using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Gateway.Auditing;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Jobs;
using BlindGrain.Gateway.Models;
using BlindGrain.Gateway.Server;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Inference;

/// <summary>Checks and submits jobs.</summary>
internal sealed class JobSubmitter(IGrainFactory grains, IBlobStore blobs, ModelDirectory models, IOptions<GatewayOptions> options, IHostApplicationLifetime host, ILogger<JobSubmitter> logger)
{
    private const int MaxJsonBytes = 64 << 10;
    private const int SpareCiphertexts = 1024;

    public async Task<JobStatus> Submit(HttpContext context, string tenant, string model, string? version)
    {
        ModelInfo info = await models.Find(tenant, model, version);
        InferBody body = await ReadBody(context, info);
        await Check(tenant, info, body);
        var submission = new JobSubmission { Model = info.Model, Version = info.Version, KeySet = body.KeySet, Priority = body.Priority, Timeout = body.Timeout, Trace = TraceContext.Current };
        string job = await ClaimJob(context, tenant);
        IInferenceJobGrain grain = grains.GetGrain<IInferenceJobGrain>(GrainKeys.Job(tenant, job));
        if (await JobReader.Read(grain) is { } present)
        {
            if (present.Submission.AsksFor(submission))
            {
                return present;
            }

            throw ProblemException.Conflict(ErrorCodes.IdempotencyKeyReused, "This Idempotency-Key was used for another model, key set, priority or time-out; take a fresh one for each request.");
        }

        // Counted before anything is stored: of two requests at once for the last of a quota, one is refused.
        var item = new TenantItem(TenantItemKind.Job, job) { Size = info.Bootstraps };
        ITenantGrain tenantGrain = grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant));
        await tenantGrain.Reserve(item);
        try
        {
            await StoreInput(BlobNames.JobInput(tenant, job), body.InputBytes, context.RequestAborted);
        }
        catch when (context.Request.Headers["Idempotency-Key"].Count == 0)
        {
            // Nobody else can submit this job. (With a key, another request of the same key may be about to.)
            tenantGrain.Release(item).Ignore();
            throw;
        }

        JobStatus status = await grain.Submit(submission);
        AuditTrail.Subject(context, job);
        GatewayLog.JobSubmitted(logger, tenant, job, info.Model, info.Version);
        return status;
    }

    /// <summary>Stores a job's input, unless there is one: a job that may have begun must never find another.</summary>
    private async Task StoreInput(string name, byte[] input, CancellationToken cancellation)
    {
        try
        {
            _ = await blobs.WriteAsync(name, new MemoryStream(input), BlobCondition.Absent, cancellation);
        }
        catch (BlobConflictException)
        {
            // A submit with the same Idempotency-Key was first, and is this one's job too.
        }
    }

    /// <summary>Waits for a job to end, no longer than asked for and allowed, and not beyond the gateway's own end.</summary>
    public async Task<JobStatus> Wait(string tenant, JobStatus status, TimeSpan wait, CancellationToken cancellation)
    {
        IInferenceJobGrain grain = grains.GetGrain<IInferenceJobGrain>(GrainKeys.Job(tenant, status.Job));
        long until = Environment.TickCount64 + (long)Math.Min(wait.TotalMilliseconds, options.Value.MaxWait.TotalMilliseconds);
        while (!JobDocument.HasEnded(status.Phase) && until - Environment.TickCount64 is > 0 and long left)
        {
            TimeSpan patience = TimeSpan.FromMilliseconds(Math.Min(left, options.Value.PollInterval.TotalMilliseconds));
            if (await JobReader.Watch(grain, status, patience, host, cancellation) is not { } present)
            {
                break;
            }

            status = present;
        }

        return status;
    }

    private async Task<InferBody> ReadBody(HttpContext context, ModelInfo info)
    {
        // One ciphertext too many is told better by its number than by its bytes.
        long ciphertexts = SeededLweList.ByteSize(ParameterCatalog.All[0], Length(info) + SpareCiphertexts);
        context.LimitBody(Math.Min(options.Value.MaxInferenceBytes, MaxJsonBytes + ciphertexts));
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return InferBody.Parse(body.ToArray(), context.Request.Headers[InferBody.HeaderLength]);
    }

    private async Task Check(string tenant, ModelInfo info, InferBody body)
    {
        KeySetInfo keySet = (GrainKeys.IsId(body.KeySet) ? await grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet(tenant, body.KeySet)).Get() : null)
            ?? throw ProblemException.NotFound(ErrorCodes.KeySetNotFound, $"There is no key set '{body.KeySet}'. GET /v2/keysets lists yours.");
        if (!keySet.Ready)
        {
            throw ProblemException.Conflict(ErrorCodes.KeySetNotReady, $"Key set '{body.KeySet}' is not complete; upload the rest and commit it.");
        }

        if (!ParameterSuite.Serves(keySet.ParameterSetId, info.ParameterSetId) || body.Input.ParameterSetId != info.ParameterSetId)
        {
            throw ProblemException.Unprocessable(
                ErrorCodes.ParameterMismatch,
                $"The model runs on parameters {info.ParameterSetId}; the key set is for {keySet.ParameterSetId} and the input for {body.Input.ParameterSetId}. The key set must have all of the model's parameters, the input be for the same.");
        }

        int length = Length(info);
        if (body.Input.Count != length)
        {
            throw ProblemException.Unprocessable(ErrorCodes.InvalidInput, $"The model takes {length} encrypted values ({string.Join('×', info.InputShape)}), the input has {body.Input.Count}.");
        }
    }

    private static int Length(ModelInfo info) => info.InputShape.Aggregate(1, (a, b) => checked(a * b));

    private async Task<string> ClaimJob(HttpContext context, string tenant)
    {
        string fresh = Guid.CreateVersion7().ToString("N");
        string key = context.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length == 0)
        {
            return fresh;
        }

        return key.Length <= 200
            ? await grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant)).ClaimIdempotencyKey(key, fresh)
            : throw ProblemException.BadRequest(ErrorCodes.InvalidRequest, "An Idempotency-Key has at most 200 characters.");
    }
}
