using Orleans.Concurrency;

namespace BlindGrain.Grains.Interfaces;

/// <summary>One encrypted inference of one tenant; key <see cref="GrainKeys.Job"/>. Calls are short: who waits for a job asks again and again.</summary>
[Alias("BlindGrain.IInferenceJobGrain")]
public interface IInferenceJobGrain : IGrainWithStringKey
{
    /// <summary>Starts the job; its input blob is stored already. Submitting again changes nothing.</summary>
    [Alias("Submit")]
    Task<JobStatus> Submit(JobSubmission submission);

    /// <summary>The job's state, or null where there is no such job. Answered at once, or not at all: whoever waits for it asks again.</summary>
    [Alias("GetStatus")]
    Task<JobStatus?> GetStatus();

    /// <summary>The job's state as soon as it is in another phase than <paramref name="seen"/>, or after <paramref name="patience"/>, or after a second; null where there is no such job.</summary>
    [Alias("Watch"), AlwaysInterleave]
    Task<JobStatus?> Watch(JobPhase seen, TimeSpan patience);

    /// <summary>Stops the job within one slice; nothing happens to a job that has ended.</summary>
    [Alias("Cancel")]
    Task<JobStatus?> Cancel();
}

/// <summary>What a job computes.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.JobSubmission")]
public sealed record JobSubmission
{
    /// <summary>The priority of a job that asks for none.</summary>
    public const int DefaultPriority = 5;

    /// <summary>The lowest priority; the highest is 1.</summary>
    public const int LastPriority = 9;

    /// <summary>The model's id.</summary>
    [Id(0)] public required string Model { get; init; }

    /// <summary>The model's version.</summary>
    [Id(1)] public required string Version { get; init; }

    /// <summary>The key set's id.</summary>
    [Id(2)] public required string KeySet { get; init; }

    /// <summary>1 (before the tenant's other jobs) to 9 (behind them); it says nothing about other tenants' jobs.</summary>
    [Id(3)] public int Priority { get; init; } = DefaultPriority;

    /// <summary>The job fails where it has not ended this long after it was accepted; null for no such limit.</summary>
    [Id(4)] public TimeSpan? Timeout { get; init; }

    /// <summary>The trace that the job belongs to; null for one of its own. It is no part of what the job computes.</summary>
    [Id(5)] public TraceContext? Trace { get; init; }

    /// <summary>The longest <see cref="Timeout"/>.</summary>
    public static TimeSpan LongestTimeout { get; } = TimeSpan.FromDays(30);

    /// <summary>Whether both ask for the same, under whatever trace.</summary>
    public bool AsksFor(JobSubmission other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this == other with { Trace = Trace };
    }

    /// <summary>Checks priority and time-out.</summary>
    /// <exception cref="ArgumentException">One of them is out of its range.</exception>
    public void Check()
    {
        if (Priority is < 1 or > LastPriority)
        {
            throw new ArgumentException($"The priority is {Priority}; take 1 (first) to {LastPriority} (last).");
        }

        if (Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > LongestTimeout))
        {
            throw new ArgumentException($"The time-out is {timeout}; take more than nothing and at most {LongestTimeout}.");
        }
    }
}

/// <summary>The phases of a job.</summary>
[GenerateSerializer, Alias("BlindGrain.JobPhase")]
public enum JobPhase
{
    /// <summary>Accepted, not begun.</summary>
    Queued,

    /// <summary>Being computed.</summary>
    Running,

    /// <summary>The result is there.</summary>
    Succeeded,

    /// <summary>Ended with an error.</summary>
    Failed,

    /// <summary>Ended by its owner.</summary>
    Cancelled,
}

/// <summary>The state of a job.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.JobStatus")]
public sealed record JobStatus
{
    /// <summary>The job's id.</summary>
    [Id(0)] public required string Job { get; init; }

    /// <summary>What it computes.</summary>
    [Id(1)] public required JobSubmission Submission { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(2)] public required JobPhase Phase { get; init; }

    /// <summary>Steps of the circuit done.</summary>
    [Id(3)] public int StepsDone { get; init; }

    /// <summary>Steps of the circuit.</summary>
    [Id(4)] public int StepsTotal { get; init; }

    /// <summary>Bootstraps done.</summary>
    [Id(5)] public int BootstrapsDone { get; init; }

    /// <summary>Bootstraps in all.</summary>
    [Id(6)] public int BootstrapsTotal { get; init; }

    /// <summary>Slices of bootstraps done by each silo, by its address.</summary>
    [Id(7)] public required IReadOnlyDictionary<string, int> SlicesBySilo { get; init; }

    /// <summary>Why it failed, for its owner; null otherwise.</summary>
    [Id(8)] public string? Error { get; init; }

    /// <summary>One of <see cref="JobErrors"/>; null where it did not fail.</summary>
    [Id(9)] public string? ErrorCode { get; init; }

    /// <summary>When it was accepted, UTC.</summary>
    [Id(10)] public required DateTimeOffset Created { get; init; }

    /// <summary>When it ended, UTC; null before.</summary>
    [Id(11)] public DateTimeOffset? Ended { get; init; }

    /// <summary>Rises with every change.</summary>
    [Id(12)] public long Revision { get; init; }

    /// <summary>When it fails unless it has ended, UTC; null for never.</summary>
    public DateTimeOffset? Deadline => Submission.Timeout is { } timeout ? Created + timeout : null;
}
