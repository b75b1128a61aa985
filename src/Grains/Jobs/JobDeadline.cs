using System.Globalization;

namespace BlindGrain.Grains.Jobs;

/// <summary>Stops a job's work when its time is over, or when something else stops it.</summary>
internal sealed class JobDeadline : IDisposable
{
    private readonly CancellationTokenSource _passed;
    private readonly CancellationTokenSource _either;

    private JobDeadline(TimeSpan? left, TimeProvider time, CancellationToken stop)
    {
        // A deadline that has passed is one now: a timer of no time at all fires only later.
        _passed = left > TimeSpan.Zero ? new CancellationTokenSource(left.Value, time) : new CancellationTokenSource();
        if (left <= TimeSpan.Zero)
        {
            _passed.Cancel();
        }

        _either = CancellationTokenSource.CreateLinkedTokenSource(_passed.Token, stop);
    }

    /// <summary>Cancelled at the deadline, or by the other token.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Whether the time is over.</summary>
    public bool HasPassed => _passed.IsCancellationRequested;

    /// <summary>The deadline of a job, if it has one.</summary>
    public static JobDeadline Of(JobState state, TimeProvider time, CancellationToken stop) =>
        new(state.Deadline - time.GetUtcNow(), time, stop);

    /// <summary>Says what happened, for the job's owner.</summary>
    public static string Explain(JobState state) => string.Create(
        CultureInfo.InvariantCulture,
        $"The job had {state.Submission!.Timeout!.Value.TotalSeconds:0.###} s from when it was accepted; {state.BootstrapsDone} of {state.BootstrapsTotal} bootstraps were done by then.");

    public void Dispose()
    {
        _either.Dispose();
        _passed.Dispose();
    }
}
