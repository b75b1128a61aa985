using BlindGrain.Engine.Tfhe.Ciphertexts;
using Orleans.Services;

namespace BlindGrain.Grains.Interfaces;

/// <summary>The worker of one silo, addressed by silo: bootstraps slices on its own threads with keys from its own cache.</summary>
[Alias("BlindGrain.IWorkerService")]
public interface IWorkerService : IGrainService
{
    /// <summary>
    /// Bootstraps one slice. Idempotent: the same slice always gives the same result, and one that is sent again while it is held is computed once. The answer takes
    /// as long as the queue before it: whoever waits asks <see cref="Held"/> whether the worker is at it; the time-out of an hour is for callers that do not.
    /// </summary>
    /// <returns>The result, a busy answer where the worker has no room or has dropped the slice, or an error that no other worker would fare better with.</returns>
    [Alias("Execute"), ResponseTimeout("01:00:00")]
    Task<SliceResult> Execute(SliceRequest request);

    /// <summary>The slices of an owner that the worker has taken on and not answered. Answered at once, however busy the worker is.</summary>
    [Alias("Held"), ResponseTimeout("00:00:10")]
    Task<SliceName[]> Held(SliceOwner owner);

    /// <summary>Drops slices, waiting for a key or a thread; one that is being computed stops within a pass over the key.</summary>
    /// <param name="owner">Whose slices they are.</param>
    /// <param name="slices">The slices; null for all.</param>
    [Alias("Cancel"), ResponseTimeout("00:00:10")]
    Task Cancel(SliceOwner owner, SliceName[]? slices);

    /// <summary>Drops a key set from the cache; slices that use it finish.</summary>
    [Alias("Evict")]
    Task Evict(string tenant, string keySet);
}

/// <summary>One walk through a job: what it sends, and only that, it can ask for and cancel.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Job">The job.</param>
/// <param name="Walk">The walk's number, its own: a job that resumes on another silo walks anew.</param>
[GenerateSerializer, Immutable, Alias("BlindGrain.SliceOwner")]
public sealed record SliceOwner([property: Id(0)] string Tenant, [property: Id(1)] string Job, [property: Id(2)] Guid Walk);

/// <summary>A slice of an owner's.</summary>
/// <param name="Step">The index of the look-up step.</param>
/// <param name="First">The rotation that the slice begins with.</param>
[GenerateSerializer, Immutable, Alias("BlindGrain.SliceName")]
public readonly record struct SliceName([property: Id(0)] int Step, [property: Id(1)] int First);

/// <summary>A slice of one look-up step of one job.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.SliceRequest")]
public sealed record SliceRequest
{
    /// <summary>The priority of a job that asks for none.</summary>
    public const int DefaultPriority = JobSubmission.DefaultPriority;

    /// <summary>The walk that the slice is of.</summary>
    [Id(0)] public required SliceOwner Owner { get; init; }

    /// <summary>The model.</summary>
    [Id(1)] public required string Model { get; init; }

    /// <summary>The model's version.</summary>
    [Id(2)] public required string Version { get; init; }

    /// <summary>The key set.</summary>
    [Id(3)] public required string KeySet { get; init; }

    /// <summary>The look-up step, and the rotation that the slice begins with.</summary>
    [Id(4)] public required SliceName Name { get; init; }

    /// <summary>The ciphertexts.</summary>
    [Id(5)] public required CiphertextBatch Ciphertexts { get; init; }

    /// <summary>SHA-256 of the model's file, lower-case hexadecimal.</summary>
    [Id(6)] public required string ModelSha256 { get; init; }

    /// <summary>SHA-256 of the key file, lower-case hexadecimal.</summary>
    [Id(7)] public required string KeySha256 { get; init; }

    /// <summary>The job's priority among its tenant's, 1 (first) to 9.</summary>
    [Id(8)] public int Priority { get; init; } = DefaultPriority;

    /// <summary>When the job fails unless it has ended, UTC; null for never.</summary>
    [Id(9)] public DateTimeOffset? Deadline { get; init; }

    /// <summary>Whether a better home of the key set is merely busy: then other keys are not displaced for this slice.</summary>
    [Id(10)] public bool IsSpill { get; init; }

    /// <summary>The layer's place in the job's trace; null where nothing is traced.</summary>
    [Id(11)] public TraceContext? Trace { get; init; }
}

/// <summary>The answer to a <see cref="SliceRequest"/>.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.SliceResult")]
public sealed record SliceResult
{
    /// <summary>The results; null where the worker was busy or the slice cannot be computed.</summary>
    [Id(0)] public CiphertextBatch? Ciphertexts { get; init; }

    /// <summary>How long to wait before asking this worker again; null where it was not busy.</summary>
    [Id(1)] public TimeSpan? BusyRetryAfter { get; init; }

    /// <summary>The silo that answers.</summary>
    [Id(2)] public required string Silo { get; init; }

    /// <summary>One of <see cref="JobErrors"/> where no worker can compute the slice; null otherwise.</summary>
    [Id(3)] public string? ErrorCode { get; init; }

    /// <summary>The error in words; null otherwise.</summary>
    [Id(4)] public string? Error { get; init; }

    /// <summary>What the rotations took of the worker's threads.</summary>
    [Id(5)] public TimeSpan Computed { get; init; }
}

/// <summary>
/// The one message type that carries ciphertexts. The bytes are an <see cref="LweBatch"/>'s; a byte array in a record is
/// what Orleans writes without overhead.
/// </summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.CiphertextBatch")]
public sealed record CiphertextBatch
{
    /// <summary>The LWE dimension of each ciphertext.</summary>
    [Id(0)] public required int Dimension { get; init; }

    /// <summary>The ciphertexts' bytes.</summary>
    [Id(1)] public required byte[] Data { get; init; }
}
