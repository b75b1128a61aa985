using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Jobs;

/// <summary>A job's state as clients see it.</summary>
internal sealed record JobDocument(
    string Id,
    string ModelName,
    string ModelVersion,
    string KeySet,
    string Phase,
    JobProgressDocument Progress,
    IReadOnlyDictionary<string, int> SlicesBySilo,
    JobErrorDocument? Error,
    DateTimeOffset Created,
    DateTimeOffset? Ended,
    int Priority,
    DateTimeOffset? Deadline,
    long Revision)
{
    /// <summary>Describes a job.</summary>
    public static JobDocument From(JobStatus status) => new(
        status.Job,
        status.Submission.Model,
        status.Submission.Version,
        status.Submission.KeySet,
        PhaseName(status.Phase),
        new JobProgressDocument(status.StepsDone, status.StepsTotal, status.BootstrapsDone, status.BootstrapsTotal),
        status.SlicesBySilo,
        status.Error is null ? null : new JobErrorDocument(status.ErrorCode ?? "internal", status.Error),
        status.Created,
        status.Ended,
        status.Submission.Priority,
        status.Deadline,
        status.Revision);

    /// <summary>Whether nothing will change any more.</summary>
    public static bool HasEnded(JobPhase phase) => phase is JobPhase.Succeeded or JobPhase.Failed or JobPhase.Cancelled;

    private static string PhaseName(JobPhase phase) => phase switch
    {
        JobPhase.Queued => "queued",
        JobPhase.Running => "running",
        JobPhase.Succeeded => "succeeded",
        JobPhase.Failed => "failed",
        _ => "cancelled",
    };
}

/// <summary>How far a job is.</summary>
internal sealed record JobProgressDocument(int StepsDone, int StepsTotal, int BootstrapsDone, int BootstrapsTotal);

/// <summary>Why a job failed.</summary>
internal sealed record JobErrorDocument(string Code, string Detail);

/// <summary>Jobs of the tenant, oldest first, and what to ask for "after" where there are more.</summary>
internal sealed record JobListDocument(string[] Jobs, string? Next);
