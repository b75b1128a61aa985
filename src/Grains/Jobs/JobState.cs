using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Jobs;

/// <summary>What is stored of a job.</summary>
internal sealed class JobState
{
    public JobSubmission? Submission { get; set; }

    public JobPhase Phase { get; set; }

    /// <summary>Steps done; each look-up among them has its values in a checkpoint.</summary>
    public int StepsDone { get; set; }

    public int StepsTotal { get; set; }

    public int BootstrapsDone { get; set; }

    public int BootstrapsTotal { get; set; }

    public Dictionary<string, int> SlicesBySilo { get; set; } = [];

    public string? Error { get; set; }

    public string? ErrorCode { get; set; }

    public DateTimeOffset Created { get; set; }

    public DateTimeOffset? Ended { get; set; }

    public long Revision { get; set; }

    /// <summary>The files that the job began with; it never goes on with others.</summary>
    public string? ModelSha256 { get; set; }

    public string? KeySha256 { get; set; }

    /// <summary>How often the job has begun since it last got past <see cref="StepsAtBegin"/>.</summary>
    public int Begins { get; set; }

    /// <summary>Where it stood when it last began.</summary>
    public int StepsAtBegin { get; set; }

    /// <summary>When the job fails unless it has ended; null for never.</summary>
    public DateTimeOffset? Deadline => Submission?.Timeout is { } timeout ? Created + timeout : null;

    public bool HasEnded => Phase is JobPhase.Succeeded or JobPhase.Failed or JobPhase.Cancelled;

    public JobStatus ToStatus(string job) => new()
    {
        Job = job,
        Submission = Submission ?? throw new InvalidOperationException("A job without a submission has no status."),
        Phase = Phase,
        StepsDone = StepsDone,
        StepsTotal = StepsTotal,
        BootstrapsDone = BootstrapsDone,
        BootstrapsTotal = BootstrapsTotal,
        SlicesBySilo = new Dictionary<string, int>(SlicesBySilo),
        Error = Error,
        ErrorCode = ErrorCode,
        Created = Created,
        Ended = Ended,
        Revision = Revision,
    };
}
