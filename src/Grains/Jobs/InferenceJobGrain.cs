using System.Diagnostics;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Grains.Caches;
using BlindGrain.Grains.Diagnostics;
using BlindGrain.Grains.Expiry;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Registry;
using BlindGrain.Grains.Workers;
using BlindGrain.Storage;
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
    ILogger<InferenceJobGrain> logger) : Grain, IInferenceJobGrain, IExpiring, IRemindable, IDisposable
{
    /// <summary>The name of the reminder that each unfinished job has.</summary>
    internal const string Reminder = "resume";

    private const int MaxAttempts = 4;
    private const int ReminderTries = 3;
    private static readonly TimeSpan s_storagePause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_reminderPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestWatch = TimeSpan.FromSeconds(1);

    /// <summary>Revisions skipped when a job is activated again: those that its last activation did not store.</summary>
    private const long RevisionGap = 1 << 20;

    private readonly CancellationTokenSource _stop = new();
    private readonly JobRecord _record = new(stored);
    private string _tenant = "";
    private string _job = "";
    private Task _run = Task.CompletedTask;
    private bool _isLeaving;

    private JobState State => _record.State;

    private JobUrgency Urgency => new(State.Submission!.Priority, State.Deadline);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        string[] parts = GrainName.Parts(this, 2);
        (_tenant, _job) = (parts[0], parts[1]);
        if (_record.Exists && !State.HasEnded)
        {
            State.Revision += RevisionGap;
            _run = ResumeAsync();
        }

        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (reason.ReasonCode == DeactivationReasonCode.ShuttingDown && !_run.IsCompleted)
        {
            await HandOverAsync(cancellationToken);
        }

        await _stop.CancelAsync();
        await _run.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _record.Dispose();
    }

    public async Task<JobStatus> Submit(JobSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (!_record.Exists)
        {
            // Checks the ids; the names are made again from the stored submission.
            _ = GrainKeys.Model(_tenant, submission.Model, submission.Version);
            _ = GrainKeys.KeySet(_tenant, submission.KeySet);
            submission.Check();

            // The reminder first: one without a job removes itself, a job without one could be forgotten.
            await RemindAsync();
            State.Submission = submission;
            State.Created = services.Time.GetUtcNow();
            await StoreAsync();
            _run = RunAsync();
        }

        return State.ToStatus(_job);
    }

    public Task<JobStatus?> GetStatus() => Task.FromResult(_record.Exists ? State.ToStatus(_job) : null);

    public async Task<JobStatus?> Watch(JobPhase seen, TimeSpan patience)
    {
        if (_record.Exists && State.Phase == seen && !State.HasEnded)
        {
            Task pause = Task.Delay(patience < s_longestWatch ? patience : s_longestWatch, services.Time, _stop.Token);
            _ = await Task.WhenAny(_record.NextPhase, pause);
        }

        return _record.Exists ? State.ToStatus(_job) : null;
    }

    public async Task<JobStatus?> Cancel()
    {
        if (!_record.Exists)
        {
            return null;
        }

        if (await EndAsync(JobPhase.Cancelled, null, null))
        {
            await _stop.CancelAsync();
        }

        return State.ToStatus(_job);
    }

    public async Task<ExpiryAnswer> Expire(TimeSpan age)
    {
        if (!_record.Exists)
        {
            return ExpiryAnswer.Nothing;
        }

        DateTimeOffset now = services.Time.GetUtcNow();
        DateTimeOffset due = (await _record.HasEndedAsync() ? State.Ended ?? State.Created : now) + age;
        if (due > now)
        {
            return ExpiryAnswer.NotBefore(due);
        }

        // The list goes last: a deletion that breaks off is found again by it.
        await new JobBlobs(services.Blobs, _tenant, _job).DeleteAllAsync();
        await _record.ClearAsync();
        await GrainFactory.GetGrain<ITenantGrain>(GrainKeys.Tenant(_tenant)).Remove(new TenantItem(TenantItemKind.Job, _job));
        DeactivateOnIdle();
        return ExpiryAnswer.Expired;
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (!_record.Exists || State.HasEnded)
        {
            await CleanUpAsync();
        }
        else if (_run.IsCompleted && !_stop.IsCancellationRequested)
        {
            _run = RunAsync();
        }
    }

    /// <summary>Lets the layer end that is being computed, so that nothing is computed twice, and has another silo go on at once.</summary>
    private async Task HandOverAsync(CancellationToken cancellation)
    {
        // Alone there is nobody to compute the layer: this silo is given no more slices.
        _isLeaving = true;
        if (services.Workers.Active.Any(s => s.ToString() != RuntimeIdentity))
        {
            _ = await Task.WhenAny(_run, Task.Delay(services.Options.Value.HandoverTime, services.Time, cancellation));
            if (!State.HasEnded)
            {
                // Answered by the next activation, which this call makes; nobody here waits for it.
                this.AsReference<IInferenceJobGrain>().GetStatus().Ignore();
            }
        }
    }

    /// <summary>Sees to it that the job is not forgotten.</summary>
    /// <exception cref="RemindersUnavailableException">The server that keeps reminders does not answer.</exception>
    private async Task RemindAsync()
    {
        TimeSpan interval = services.Options.Value.ResumeInterval;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                _ = await this.RegisterOrUpdateReminder(Reminder, interval, interval);
                return;
            }
            catch (Exception e) when (attempt < ReminderTries)
            {
                // After its server was away, each connection that a pool still has fails once.
                GrainsLog.ReminderFailed(logger, _job, e);
                await Task.Delay(s_reminderPause, services.Time);
            }
            catch (Exception e)
            {
                // Whatever the backend's driver threw is not known to whoever asked.
                GrainsLog.ReminderFailed(logger, _job, e);
                throw new RemindersUnavailableException("The server that keeps the cluster's reminders does not answer.");
            }
        }
    }

    /// <summary>Goes on with a job of an earlier activation.</summary>
    private async Task ResumeAsync()
    {
        await Task.Yield();
        try
        {
            // The reminders may have been lost with the cluster that held them.
            await RemindAsync();
        }
        catch (Exception e)
        {
            GrainsLog.ReminderMissing(logger, _job, e);
        }

        await RunAsync();
    }

    /// <summary>Runs the job to its end; never fails. What is left undone is left to the reminder.</summary>
    private async Task RunAsync()
    {
        await Task.Yield();

        // Whoever woke this activation has no part in the job's trace.
        Activity.Current = null;
        using Activity? span = GrainsTracing.Job(_job, State.Submission?.Trace, RuntimeIdentity, State.Begins > 0);
        try
        {
            await TryAsync();
            if (await _record.HasEndedAsync())
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
        finally
        {
            GrainsTracing.JobLeft(span, State.Phase, State.BootstrapsDone, State.ErrorCode);
        }
    }

    private async Task TryAsync()
    {
        for (int attempt = 1; !await _record.HasEndedAsync(); attempt++)
        {
            using PendingBootstraps pending = services.Metrics.BeginJob();
            using var deadline = JobDeadline.Of(State, services.Time, _stop.Token);
            try
            {
                deadline.Token.ThrowIfCancellationRequested();
                pending.Set(await BootstrapsLeftAsync());
                using IDisposable place = await EnterAsync(deadline.Token);
                if (await WalkAsync(pending, deadline.Token))
                {
                    _ = await EndAsync(JobPhase.Succeeded, null, null);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (JobHandedOverException)
            {
                GrainsLog.JobHandedOver(logger, _job, State.StepsDone, State.StepsTotal);
                return;
            }
            catch (OperationCanceledException) when (deadline.HasPassed)
            {
                _ = await EndAsync(JobPhase.Failed, JobErrors.DeadlineExceeded, JobDeadline.Explain(State));
            }
            catch (JobFailedException e)
            {
                _ = await EndAsync(JobPhase.Failed, e.Code, e.Message);
            }
            catch (SliceRefusedException e)
            {
                _ = await EndAsync(JobPhase.Failed, e.Code, e.Message);
            }
            catch (Exception e) when (BlobStoreUnavailableException.IsCauseOf(e))
            {
                // However long the storage is away, that is no fault of the job's.
                GrainsLog.StorageAway(logger, _job, e);
                attempt--;
                await Task.Delay(s_storagePause, services.Time, _stop.Token);
            }
            catch (Exception e) when (e is not InconsistentStateException && attempt < MaxAttempts)
            {
                GrainsLog.JobStumbled(logger, _job, e);
                await Task.Delay(TimeSpan.FromSeconds(attempt * attempt), services.Time, _stop.Token);
            }
            catch (Exception e) when (e is not InconsistentStateException)
            {
                GrainsLog.JobFailed(logger, _job, e);
                _ = await EndAsync(JobPhase.Failed, JobErrors.Internal, "The service failed to compute the job.");
            }
        }
    }

    /// <summary>Waits for a place among the silo's running jobs.</summary>
    private async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        using Activity? span = GrainsTracing.Wait();
        return await services.Gate.EnterAsync(_tenant, Urgency, cancellation);
    }

    /// <summary>Computes the job; false where it was ended before it began.</summary>
    private async Task<bool> WalkAsync(PendingBootstraps pending, CancellationToken cancellation)
    {
        JobTarget target = await ResolveAsync();
        GrainsTracing.Files(target.ModelSha256, target.KeySha256);
        CompiledModel model = await services.Models.GetAsync(new ModelName(_tenant, target.Model, target.Version, target.ModelSha256));
        cancellation.ThrowIfCancellationRequested();
        DelayDeactivation(TimeSpan.FromMinutes(15));
        if (!await _record.BeginAsync(target, model))
        {
            return false;
        }

        GrainsLog.JobBegins(logger, _job, State.StepsDone, State.StepsTotal);
        var dispatcher = new SliceDispatcher(target, model, services.Workers, services.Pool.Threads, services.Costs, services.Options.Value, services.Time, logger);
        var walk = new JobWalk(target, State, model, new JobBlobs(services.Blobs, _tenant, _job), services.Pool, dispatcher, pending, StoreAsync, () => _isLeaving);
        try
        {
            await walk.RunAsync(cancellation);
            return true;
        }
        catch (InvalidDataException)
        {
            // A checkpoint that is gone or damaged costs the work done, not the job: the next attempt begins anew.
            State.StepsDone = 0;
            throw;
        }
    }

    /// <summary>What a job that waits will compute, by what it computed before or else by its model; 0 where that is not known.</summary>
    private async Task<int> BootstrapsLeftAsync() => State.BootstrapsTotal > 0
        ? State.BootstrapsTotal - State.BootstrapsDone
        : (await GrainFactory.GetGrain<IModelGrain>(GrainKeys.Model(_tenant, State.Submission!.Model, State.Submission.Version)).Get())?.Bootstraps ?? 0;

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

        if (!ParameterSuite.Serves(keys.ParameterSetId, model.ParameterSetId))
        {
            throw new JobFailedException(JobErrors.ParameterMismatch, $"Key set '{wanted.KeySet}' is for parameters {keys.ParameterSetId}, the model runs on {model.ParameterSetId}.");
        }

        if ((State.ModelSha256 ?? model.Sha256) != model.Sha256)
        {
            throw new JobFailedException(JobErrors.ModelNotFound, $"Model '{wanted.Model}' of version '{wanted.Version}' was replaced while the job ran.");
        }

        return (State.KeySha256 ?? keys.Sha256) == keys.Sha256
            ? new JobTarget(_tenant, _job, wanted.Model, wanted.Version, wanted.KeySet, model.Sha256, keys.Sha256) { Urgency = Urgency, Trace = wanted.Trace }
            : throw new JobFailedException(JobErrors.KeySetNotFound, $"Key set '{wanted.KeySet}' was replaced while the job ran.");
    }

    /// <summary>Ends the job, unless it has ended: the first end counts.</summary>
    /// <returns>Whether this was the end.</returns>
    private async Task<bool> EndAsync(JobPhase phase, string? code, string? error)
    {
        DateTimeOffset now = services.Time.GetUtcNow();
        if (!await _record.EndAsync(phase, code, error, now))
        {
            return false;
        }

        // Not waited for: the tenant's grain may be asking this one at the same time, and makes up for a note that is lost.
        GrainFactory.GetGrain<ITenantGrain>(GrainKeys.Tenant(_tenant)).JobEnded(_job).Ignore();
        services.Metrics.JobEnded(phase.ToString().ToLowerInvariant(), now - State.Created);
        GrainsLog.JobEnded(logger, _job, phase.ToString(), code ?? "no error", State.BootstrapsDone, (now - State.Created).TotalSeconds);
        return true;
    }

    private Task StoreAsync()
    {
        DelayDeactivation(TimeSpan.FromMinutes(15));
        return _record.StoreAsync();
    }

    private async Task CleanUpAsync()
    {
        await new JobBlobs(services.Blobs, _tenant, _job).DeleteWorkAsync();
        if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }
}
