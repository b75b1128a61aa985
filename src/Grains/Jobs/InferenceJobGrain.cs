using BlindGrain.Engine.Execution;
using BlindGrain.Grains.Caches;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Registry;
using BlindGrain.Grains.Workers;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace BlindGrain.Grains.Jobs;

/// <summary>
/// A job: accepts, runs in the background of its own activation, and resumes from its last checkpoint wherever it is activated
/// again. A reminder activates it where its silo died.
/// </summary>
[GrainType("job")]
internal sealed class InferenceJobGrain(
    [PersistentState("state")] IPersistentState<JobState> stored,
    JobServices services,
    ILogger<InferenceJobGrain> logger) : Grain, IInferenceJobGrain, IRemindable, IDisposable
{
    private const string Reminder = "resume";
    private const int MaxAttempts = 4;
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    /// <summary>Revisions skipped when a job is activated again: those that its last activation did not store.</summary>
    private const long RevisionGap = 1 << 20;

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _storing = new(1);
    private string _tenant = "";
    private string _job = "";
    private Task _run = Task.CompletedTask;

    private JobState State => stored.State;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        string[] parts = GrainName.Parts(this, 2);
        (_tenant, _job) = (parts[0], parts[1]);
        if (stored.RecordExists && !State.HasEnded)
        {
            State.Revision += RevisionGap;
            _run = RunAsync();
        }

        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _storing.Dispose();
    }

    public async Task<JobStatus> Submit(JobSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (!stored.RecordExists)
        {
            // Checks the ids; the names are made again from the stored submission.
            _ = GrainKeys.Model(_tenant, submission.Model, submission.Version);
            _ = GrainKeys.KeySet(_tenant, submission.KeySet);

            // The reminder first: one without a job removes itself, a job without one could be forgotten.
            _ = await this.RegisterOrUpdateReminder(Reminder, s_minute, s_minute);
            State.Submission = submission;
            State.Created = services.Time.GetUtcNow();
            await StoreAsync();
            _run = RunAsync();
        }

        return State.ToStatus(_job);
    }

    public Task<JobStatus?> GetStatus() => Task.FromResult(stored.RecordExists ? State.ToStatus(_job) : null);

    public async Task<JobStatus?> Cancel()
    {
        if (!stored.RecordExists)
        {
            return null;
        }

        if (!State.HasEnded)
        {
            await EndAsync(JobPhase.Cancelled, null, null);
            await _stop.CancelAsync();
        }

        return State.ToStatus(_job);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (!stored.RecordExists || State.HasEnded)
        {
            await CleanUpAsync();
        }
        else if (_run.IsCompleted && !_stop.IsCancellationRequested)
        {
            _run = RunAsync();
        }
    }

    /// <summary>Runs the job to its end; never fails. What is left undone is left to the reminder.</summary>
    private async Task RunAsync()
    {
        await Task.Yield();
        try
        {
            await TryAsync();
            if (State.HasEnded)
            {
                await CleanUpAsync();
            }
        }
        catch (Exception e)
        {
            GrainsLog.JobLeft(logger, _job, e);
            if (e is InconsistentStateException)
            {
                // Another activation has taken over: this one knows nothing that is true any more.
                DeactivateOnIdle();
            }
        }
    }

    private async Task TryAsync()
    {
        for (int attempt = 1; !State.HasEnded; attempt++)
        {
            try
            {
                using IDisposable place = await services.Gate.EnterAsync(_tenant, _stop.Token);
                await WalkAsync(_stop.Token);
                await EndAsync(JobPhase.Succeeded, null, null);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (JobFailedException e)
            {
                await EndAsync(JobPhase.Failed, e.Code, e.Message);
            }
            catch (SliceRefusedException e)
            {
                await EndAsync(JobPhase.Failed, e.Code, e.Message);
            }
            catch (Exception e) when (e is not InconsistentStateException && attempt < MaxAttempts)
            {
                GrainsLog.JobStumbled(logger, _job, e);
                await Task.Delay(TimeSpan.FromSeconds(attempt * attempt), services.Time, _stop.Token);
            }
            catch (Exception e) when (e is not InconsistentStateException)
            {
                GrainsLog.JobFailed(logger, _job, e);
                await EndAsync(JobPhase.Failed, JobErrors.Internal, "The service failed to compute the job.");
            }
        }
    }

    private async Task WalkAsync(CancellationToken cancellation)
    {
        JobTarget target = await ResolveAsync();
        CompiledModel model = await services.Models.GetAsync(new ModelName(_tenant, target.Model, target.Version, target.ModelSha256));
        cancellation.ThrowIfCancellationRequested();
        State.Phase = JobPhase.Running;
        (State.ModelSha256, State.KeySha256) = (target.ModelSha256, target.KeySha256);
        State.StepsTotal = model.Circuit.Steps.Count;
        State.BootstrapsTotal = model.Rotations;
        await StoreAsync();
        GrainsLog.JobBegins(logger, _job, State.StepsDone, State.StepsTotal);
        var dispatcher = new SliceDispatcher(target, model, services.Workers, services.Pool.Threads, services.Options.Value.SliceTries, logger);
        var walk = new JobWalk(target, State, model, new JobBlobs(services.Blobs, _tenant, _job), services.Pool, dispatcher, StoreAsync);
        try
        {
            await walk.RunAsync(cancellation);
        }
        catch (InvalidDataException)
        {
            // A checkpoint that is gone or damaged costs the work done, not the job: the next attempt begins anew.
            State.StepsDone = 0;
            throw;
        }
    }

    /// <summary>Finds model and key set; a job that has begun goes on only with the files that it began with.</summary>
    private async Task<JobTarget> ResolveAsync()
    {
        JobSubmission wanted = State.Submission!;
        ModelInfo model = await GrainFactory.GetGrain<IModelGrain>(GrainKeys.Model(_tenant, wanted.Model, wanted.Version)).Get()
            ?? throw new JobFailedException(JobErrors.ModelNotFound, $"There is no model '{wanted.Model}' of version '{wanted.Version}'.");
        KeySetInfo keys = await GrainFactory.GetGrain<IKeySetGrain>(GrainKeys.KeySet(_tenant, wanted.KeySet)).Get()
            ?? throw new JobFailedException(JobErrors.KeySetNotFound, $"There is no key set '{wanted.KeySet}'.");
        if (!keys.Ready)
        {
            throw new JobFailedException(JobErrors.KeySetNotReady, $"The upload of key set '{wanted.KeySet}' is not complete.");
        }

        if (keys.ParameterSetId != model.ParameterSetId)
        {
            throw new JobFailedException(JobErrors.ParameterMismatch, $"Key set '{wanted.KeySet}' is for parameters {keys.ParameterSetId}, the model runs on {model.ParameterSetId}.");
        }

        if ((State.ModelSha256 ?? model.Sha256) != model.Sha256)
        {
            throw new JobFailedException(JobErrors.ModelNotFound, $"Model '{wanted.Model}' of version '{wanted.Version}' was replaced while the job ran.");
        }

        return (State.KeySha256 ?? keys.Sha256) == keys.Sha256
            ? new JobTarget(_tenant, _job, wanted.Model, wanted.Version, wanted.KeySet, model.Sha256, keys.Sha256)
            : throw new JobFailedException(JobErrors.KeySetNotFound, $"Key set '{wanted.KeySet}' was replaced while the job ran.");
    }

    /// <summary>Ends the job, unless it has ended: the first end counts.</summary>
    private async Task EndAsync(JobPhase phase, string? code, string? error)
    {
        if (State.HasEnded)
        {
            return;
        }

        JobPhase before = State.Phase;
        DateTimeOffset now = services.Time.GetUtcNow();
        (State.Phase, State.ErrorCode, State.Error, State.Ended) = (phase, code, error, now);
        try
        {
            await StoreAsync();
        }
        catch
        {
            // An end that is not stored is none: nothing is cleaned up, and the job goes on or resumes.
            (State.Phase, State.ErrorCode, State.Error, State.Ended) = (before, null, null, null);
            throw;
        }

        GrainsLog.JobEnded(logger, _job, phase.ToString(), code ?? "no error", State.BootstrapsDone, (now - State.Created).TotalSeconds);
    }

    /// <summary>Stores the state; calls and the run in the background take turns.</summary>
    private async Task StoreAsync()
    {
        DelayDeactivation(TimeSpan.FromMinutes(15));
        await _storing.WaitAsync();
        try
        {
            State.Revision++;
            await stored.WriteStateAsync();
        }
        finally
        {
            _ = _storing.Release();
        }
    }

    private async Task CleanUpAsync()
    {
        await new JobBlobs(services.Blobs, _tenant, _job).DeleteValuesAsync();
        if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }
}
