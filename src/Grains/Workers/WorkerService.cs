using System.Diagnostics;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Grains.Caches;
using BlindGrain.Grains.Diagnostics;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Grains.Workers;

/// <summary>The worker of one silo: answers here, loads on threads of their own, computes on the <see cref="WorkerPool"/>.</summary>
internal sealed class WorkerService : GrainService, IWorkerService
{
    private static readonly TimeSpan s_cacheFull = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_shortestBusy = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longestBusy = TimeSpan.FromMilliseconds(500);
    private readonly HeldSlices _held = new();
    private readonly ILogger _logger;
    private readonly string _silo;
    private readonly WorkerPool _pool;
    private readonly Admission _admission;
    private readonly MemoryGuard _memory;
    private readonly ServerKeyCache _keys;
    private readonly ModelCache _models;
    private readonly GrainsMetrics _metrics;

    public WorkerService(
        GrainId id,
        Orleans.Runtime.Silo silo,
        ILoggerFactory loggers,
        ILocalSiloDetails details,
        WorkerPool pool,
        Admission admission,
        MemoryGuard memory,
        ServerKeyCache keys,
        ModelCache models,
        GrainsMetrics metrics,
        IHostApplicationLifetime host)
        : base(id, silo, loggers)
    {
        (_logger, _silo) = (loggers.CreateLogger<WorkerService>(), details.SiloAddress.Endpoint.ToString());
        (_pool, _admission, _memory, _keys, _models, _metrics) = (pool, admission, memory, keys, models, metrics);

        // What has not begun is better begun elsewhere than here and lost.
        _ = host.ApplicationStopping.Register(_held.Drain);
    }

    public async Task<SliceResult> Execute(SliceRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            SliceResult result = await TakeOn(request);
            _metrics.SliceEnded(OutcomeOf(result), result.Ciphertexts is null ? 0 : CountOf(request.Ciphertexts));
            return result;
        }
        catch
        {
            _metrics.SliceEnded(SliceOutcome.Failed);
            throw;
        }
    }

    public Task<SliceName[]> Held(SliceOwner owner) => Task.FromResult(_held.Of(owner));

    public Task Cancel(SliceOwner owner, SliceName[]? slices)
    {
        _held.Cancel(owner, slices);
        return Task.CompletedTask;
    }

    public Task Evict(string tenant, string keySet)
    {
        _keys.Evict(tenant, keySet);
        return Task.CompletedTask;
    }

    private static int CountOf(CiphertextBatch batch) => batch.Data.Length / LweBatch.ByteSize(new LweDimension(batch.Dimension), 1);

    private static SliceOutcome OutcomeOf(SliceResult result) =>
        result.BusyRetryAfter is not null ? SliceOutcome.Busy : result.ErrorCode is not null ? SliceOutcome.Refused : SliceOutcome.Computed;

    private Task<SliceResult> TakeOn(SliceRequest request)
    {
        if (_held.Find(request.Owner, request.Name) is { } same)
        {
            // Sent again, since the first one's answer seemed lost.
            return same.Answer;
        }

        if (_memory.IsShort)
        {
            _keys.FreeIdle();
            return Task.FromResult(Busy(s_cacheFull.TotalMilliseconds));
        }

        IDisposable? place = _admission.TryEnter(request.Owner.Tenant, request.Priority < SliceRequest.DefaultPriority);
        if (place is null || _held.TryAdd(request.Owner, request.Name) is not { } slice)
        {
            place?.Dispose();
            return Task.FromResult(Busy(Math.Clamp(_pool.Backlog(request.Owner.Tenant).TotalMilliseconds / 2, s_shortestBusy.TotalMilliseconds, s_longestBusy.TotalMilliseconds)));
        }

        return slice.Answer = AnswerAsync(request, slice, place);
    }

    private async Task<SliceResult> AnswerAsync(SliceRequest request, HeldSlice slice, IDisposable place)
    {
        using Activity? span = GrainsTracing.Slice(request, _silo);
        try
        {
            SliceResult result = await AnswerAsync(request, slice, span);
            GrainsTracing.SliceEnded(span, OutcomeOf(result), result);
            return result;
        }
        catch
        {
            GrainsTracing.SliceEnded(span, SliceOutcome.Failed, null);
            throw;
        }
        finally
        {
            _held.Remove(slice);
            place.Dispose();
        }
    }

    private async Task<SliceResult> AnswerAsync(SliceRequest request, HeldSlice slice, Activity? span)
    {
        try
        {
            return await ComputeAsync(request, slice, span);
        }
        catch (OperationCanceledException)
        {
            // Dropped: whoever still wants it sends it elsewhere.
            return Busy(s_shortestBusy.TotalMilliseconds);
        }
        catch (Exception e) when (BlobStoreUnavailableException.IsCauseOf(e))
        {
            // No fault of the slice's: it is not counted as a try.
            GrainsLog.StorageAway(_logger, request.Owner.Job, e);
            return Busy(s_cacheFull.TotalMilliseconds);
        }
        catch (SliceRefusedException e)
        {
            GrainsLog.SliceRefused(_logger, request.Owner.Job, request.Name.Step, e.Code, e.Message);
            return new SliceResult { Silo = _silo, ErrorCode = e.Code, Error = e.Message };
        }
    }

    private async Task<SliceResult> ComputeAsync(SliceRequest request, HeldSlice slice, Activity? span)
    {
        Task<CompiledModel> loading = _models.GetAsync(new ModelName(request.Owner.Tenant, request.Model, request.Version, request.ModelSha256));
        await slice.WaitAsync(loading);
        CompiledModel model = await loading;
        LookupRun run = SliceCheck.RunOf(request, model);
        _ = span?.SetTag(GrainsTracing.Bootstraps, run.Ciphertexts.Count);
        KeyLease? lease = _keys.TryAcquire(new KeyName(request.Owner.Tenant, request.KeySet, request.KeySha256), model.ParameterPlan.Needs, mayDisplace: !request.IsSpill);
        if (lease is null)
        {
            return Busy(s_cacheFull.TotalMilliseconds);
        }

        using var item = new SliceItem(request.Owner.Tenant, request.Owner.Job, lease, run);
        await slice.WaitAsync(lease.Ready);
        _ = span?.AddEvent(new ActivityEvent("keys ready"));
        slice.Queue(item, _pool.Drop);
        LweBatch result = await _pool.RunAsync(item, new JobUrgency(request.Priority, request.Deadline));
        return new SliceResult
        {
            Silo = _silo,
            Ciphertexts = new CiphertextBatch { Dimension = result.Dimension.Value, Data = result.Data },
            Computed = item.Computed,
        };
    }

    private SliceResult Busy(double milliseconds) => new() { Silo = _silo, BusyRetryAfter = TimeSpan.FromMilliseconds(milliseconds) };
}
