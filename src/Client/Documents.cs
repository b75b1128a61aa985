using System.Text.Json.Serialization;

namespace BlindGrain.Client;

/// <summary>A tensor of a model's metadata; -1 is the open batch dimension.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Datatype">The clear datatype, "FP32".</param>
/// <param name="Shape">The clear shape.</param>
public sealed record TensorMetadata(string Name, string Datatype, long[] Shape);

/// <summary>The encrypted side of a model's metadata.</summary>
/// <param name="Version">The version described.</param>
/// <param name="ParameterSet">The parameter set that keys must be of.</param>
/// <param name="Mode">The execution mode, for people.</param>
/// <param name="Bootstraps">Bootstraps of one inference.</param>
/// <param name="Bytes">The model file's length.</param>
/// <param name="Sha256">The model file's SHA-256.</param>
public sealed record ModelParameters(string Version, string ParameterSet, string Mode, int Bootstraps, long Bytes, string Sha256);

/// <summary>A model's metadata.</summary>
/// <param name="Name">The model.</param>
/// <param name="Versions">Its versions, oldest first.</param>
/// <param name="Inputs">The clear inputs.</param>
/// <param name="Outputs">The clear outputs.</param>
/// <param name="Parameters">The encrypted side.</param>
public sealed record ModelMetadata(string Name, string[] Versions, TensorMetadata[] Inputs, TensorMetadata[] Outputs, ModelParameters Parameters);

/// <summary>A version of a model on the server.</summary>
/// <param name="Name">The model.</param>
/// <param name="Version">The version.</param>
public sealed record ModelVersion(string Name, string Version);

/// <summary>A key set's state on the server.</summary>
/// <param name="Id">The key set.</param>
/// <param name="ParameterSet">Its parameter set.</param>
/// <param name="Bytes">The key file's length.</param>
/// <param name="Sha256">The key file's SHA-256.</param>
/// <param name="State">"uploading" or "ready".</param>
/// <param name="Received">How many bytes the server has.</param>
public sealed record KeySetState(string Id, string ParameterSet, long Bytes, string Sha256, string State, long Received)
{
    /// <summary>Whether the key set can be used.</summary>
    [JsonIgnore]
    public bool IsReady => State == "ready";
}

/// <summary>How far a job is.</summary>
/// <param name="StepsDone">Steps of the circuit done.</param>
/// <param name="StepsTotal">Steps of the circuit.</param>
/// <param name="BootstrapsDone">Bootstraps done.</param>
/// <param name="BootstrapsTotal">Bootstraps in all.</param>
public sealed record JobProgress(int StepsDone, int StepsTotal, int BootstrapsDone, int BootstrapsTotal);

/// <summary>Why a job failed.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Detail">What was wrong.</param>
public sealed record JobError(string Code, string Detail);

/// <summary>A job's state.</summary>
/// <param name="Id">The job.</param>
/// <param name="ModelName">The model.</param>
/// <param name="ModelVersion">The model's version.</param>
/// <param name="KeySet">The key set.</param>
/// <param name="Phase">"queued", "running", "succeeded", "failed" or "cancelled".</param>
/// <param name="Progress">How far it is.</param>
/// <param name="SlicesBySilo">Slices of bootstraps that each silo did.</param>
/// <param name="Error">Why it failed, or null.</param>
/// <param name="Created">When it was accepted.</param>
/// <param name="Ended">When it ended, or null.</param>
/// <param name="Revision">Rises with every change.</param>
/// <param name="Priority">1, before the tenant's other jobs, to 9, behind them.</param>
/// <param name="Deadline">When it fails unless it has ended, or null for never.</param>
public sealed record JobState(
    string Id,
    string ModelName,
    string ModelVersion,
    string KeySet,
    string Phase,
    JobProgress Progress,
    IReadOnlyDictionary<string, int> SlicesBySilo,
    JobError? Error,
    DateTimeOffset Created,
    DateTimeOffset? Ended,
    long Revision,
    int Priority = JobOptions.DefaultPriority,
    DateTimeOffset? Deadline = null)
{
    /// <summary>Whether nothing will change any more.</summary>
    [JsonIgnore]
    public bool HasEnded => Phase is "succeeded" or "failed" or "cancelled";

    /// <summary>Whether there is a result.</summary>
    [JsonIgnore]
    public bool HasSucceeded => Phase == "succeeded";
}
