using BlindGrain.Engine.Execution;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Jobs;

/// <summary>
/// A job's state and its place in the store. Calls on the job and its run in the background change it at the same time, so they take
/// turns: nobody sees, or writes over, a change that is still on its way to the store.
/// </summary>
internal sealed class JobRecord(IPersistentState<JobState> stored) : IDisposable
{
    /// <summary>How often a job begins, in all its activations, without finishing a step.</summary>
    private const int MaxBegins = 10;

    private readonly SemaphoreSlim _turn = new(1);
    private TaskCompletionSource _nextPhase = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JobState State => stored.State;

    /// <summary>Done once the job is in another phase than now, and that is stored.</summary>
    public Task NextPhase => _nextPhase.Task;

    /// <summary>Whether the job was ever stored.</summary>
    public bool Exists => stored.RecordExists;

    public void Dispose() => _turn.Dispose();

    /// <summary>Stores that the job runs; false where it has ended meanwhile, which must not be undone.</summary>
    /// <exception cref="JobFailedException">It has begun too often without getting anywhere: it may be what its silos die of.</exception>
    public Task<bool> BeginAsync(JobTarget target, CompiledModel model) => InTurnAsync(async () =>
    {
        if (State.HasEnded)
        {
            return false;
        }

        State.Begins = State.StepsDone > State.StepsAtBegin ? 1 : State.Begins + 1;
        State.StepsAtBegin = State.StepsDone;
        if (State.Begins > MaxBegins)
        {
            throw new JobFailedException(JobErrors.Internal, $"The job began {MaxBegins} times without getting past step {State.StepsDone}.");
        }

        State.Phase = JobPhase.Running;
        (State.ModelSha256, State.KeySha256) = (target.ModelSha256, target.KeySha256);
        State.StepsTotal = model.Circuit.Steps.Count;
        State.BootstrapsTotal = model.Rotations;
        try
        {
            await WriteAsync();
        }
        catch
        {
            // A storage that is away is no fault of the job's.
            State.Begins--;
            throw;
        }

        TellPhase();
        return true;
    });

    /// <summary>Ends the job, unless it has ended: the first end counts.</summary>
    /// <returns>Whether this was the end.</returns>
    public Task<bool> EndAsync(JobPhase phase, string? code, string? error, DateTimeOffset now) => InTurnAsync(async () =>
    {
        if (State.HasEnded)
        {
            return false;
        }

        JobPhase before = State.Phase;
        (State.Phase, State.ErrorCode, State.Error, State.Ended) = (phase, code, error, now);
        try
        {
            await WriteAsync();
        }
        catch
        {
            // An end that is not stored is none: nothing is cleaned up, and the job goes on or resumes.
            (State.Phase, State.ErrorCode, State.Error, State.Ended) = (before, null, null, null);
            throw;
        }

        TellPhase();
        return true;
    });

    /// <summary>Whether the job has ended, and that is stored.</summary>
    public Task<bool> HasEndedAsync() => InTurnAsync(() => Task.FromResult(State.HasEnded));

    /// <summary>Forgets the job: nothing of it is stored any more.</summary>
    public Task ClearAsync() => InTurnAsync(async () =>
    {
        await stored.ClearStateAsync();
        return true;
    });

    /// <summary>Stores the state as it is.</summary>
    public Task StoreAsync() => InTurnAsync(async () =>
    {
        await WriteAsync();
        return true;
    });

    private void TellPhase()
    {
        TaskCompletionSource told = _nextPhase;
        _nextPhase = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        told.SetResult();
    }

    private Task WriteAsync()
    {
        State.Revision++;
        return stored.WriteStateAsync();
    }

    private async Task<bool> InTurnAsync(Func<Task<bool>> action)
    {
        await _turn.WaitAsync();
        try
        {
            return await action();
        }
        finally
        {
            _ = _turn.Release();
        }
    }
}
