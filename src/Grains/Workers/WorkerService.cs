using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Grains.Caches;
using BlindGrain.Grains.Diagnostics;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Grains.Workers;

/// <summary>The worker of one silo: answers here, loads on threads of their own, computes on the <see cref="WorkerPool"/>.</summary>
internal sealed class WorkerService(
    GrainId id,
    Silo silo,
    ILoggerFactory loggers,
    ILocalSiloDetails details,
    WorkerPool pool,
    Admission admission,
    MemoryGuard memory,
    ServerKeyCache keys,
    ModelCache models,
    GrainsMetrics metrics) : GrainService(id, silo, loggers), IWorkerService
{
    private static readonly TimeSpan s_queueFull = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_cacheFull = TimeSpan.FromSeconds(1);
    private readonly ILogger _logger = loggers.CreateLogger<WorkerService>();
    private readonly string _silo = details.SiloAddress.Endpoint.ToString();

    public async Task<SliceResult> Execute(SliceRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            SliceResult result = await ComputeAsync(request);
            metrics.SliceEnded(OutcomeOf(result), result.Ciphertexts is null ? 0 : CountOf(request.Ciphertexts));
            return result;
        }
        catch
        {
            metrics.SliceEnded(SliceOutcome.Failed);
            throw;
        }
    }

    private static int CountOf(CiphertextBatch batch) => batch.Data.Length / LweBatch.ByteSize(new LweDimension(batch.Dimension), 1);

    private static SliceOutcome OutcomeOf(SliceResult result) =>
        result.BusyRetryAfter is not null ? SliceOutcome.Busy : result.ErrorCode is not null ? SliceOutcome.Refused : SliceOutcome.Computed;

    private async Task<SliceResult> ComputeAsync(SliceRequest request)
    {
        if (memory.IsShort)
        {
            keys.FreeIdle();
            return new SliceResult { Silo = _silo, BusyRetryAfter = s_cacheFull };
        }

        using IDisposable? place = admission.TryEnter(request.Tenant);
        if (place is null)
        {
            return new SliceResult { Silo = _silo, BusyRetryAfter = s_queueFull };
        }

        try
        {
            CompiledModel model = await models.GetAsync(new ModelName(request.Tenant, request.Model, request.Version, request.ModelSha256));
            using KeyLease? lease = keys.TryAcquire(new KeyName(request.Tenant, request.KeySet, request.KeySha256), model.ParameterPlan.Needs);
            if (lease is null)
            {
                return new SliceResult { Silo = _silo, BusyRetryAfter = s_cacheFull };
            }

            await lease.Ready;
            LweBatch slice = SliceOf(request, model);
            LweBatch result = await pool.RunAsync(request.Tenant, request.Job, () => lease.Evaluate(e => e.Apply(model, request.Step, request.FirstElement, slice)));
            return new SliceResult { Silo = _silo, Ciphertexts = new CiphertextBatch { Dimension = result.Dimension.Value, Data = result.Data } };
        }
        catch (Exception e) when (BlobStoreUnavailableException.IsCauseOf(e))
        {
            // No fault of the slice's: it is not counted as a try.
            GrainsLog.StorageAway(_logger, request.Job, e);
            return new SliceResult { Silo = _silo, BusyRetryAfter = s_cacheFull };
        }
        catch (SliceRefusedException e)
        {
            GrainsLog.SliceRefused(_logger, request.Job, request.Step, e.Code, e.Message);
            return new SliceResult { Silo = _silo, ErrorCode = e.Code, Error = e.Message };
        }
    }

    public Task Evict(string tenant, string keySet)
    {
        keys.Evict(tenant, keySet);
        return Task.CompletedTask;
    }

    public Task CancelJob(string tenant, string job)
    {
        pool.CancelJob(tenant, job);
        return Task.CompletedTask;
    }

    private static LweBatch SliceOf(SliceRequest request, CompiledModel model)
    {
        if (request.Step < 0 || request.Step >= model.Circuit.Steps.Count || model.Circuit.Steps[request.Step] is not LookupStep lookup)
        {
            throw new SliceRefusedException(JobErrors.Internal, $"Step {request.Step} of the model is no look-up.");
        }

        LweDimension dimension = model.DimensionOf(lookup.Source);
        if (request.Ciphertexts.Dimension != dimension.Value)
        {
            throw new SliceRefusedException(JobErrors.ParameterMismatch, $"The slice's ciphertexts have dimension {request.Ciphertexts.Dimension}, what step {request.Step} reads has {dimension}.");
        }

        try
        {
            return new LweBatch(dimension, request.Ciphertexts.Data);
        }
        catch (ArgumentException e)
        {
            throw new SliceRefusedException(JobErrors.Internal, e.Message, e);
        }
    }
}
