using BlindGrain.Engine.Tfhe.Ciphertexts;
using Orleans.Services;

namespace BlindGrain.Grains.Interfaces;

/// <summary>The worker of one silo, addressed by silo: bootstraps slices on its own threads with keys from its own cache.</summary>
[Alias("BlindGrain.IWorkerService")]
public interface IWorkerService : IGrainService
{
    /// <summary>Bootstraps one slice. Idempotent: the same slice always gives the same result.</summary>
    /// <returns>The result, a busy answer where the worker has no room, or an error that no other worker would fare better with.</returns>
    [Alias("Execute"), ResponseTimeout("00:10:00")]
    Task<SliceResult> Execute(SliceRequest request);

    /// <summary>Drops a key set from the cache; slices that use it finish.</summary>
    [Alias("Evict")]
    Task Evict(string tenant, string keySet);

    /// <summary>Drops the queued slices of a job.</summary>
    [Alias("CancelJob")]
    Task CancelJob(string tenant, string job);
}

/// <summary>A slice of one look-up step of one job, named (job, step, first element).</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.SliceRequest")]
public sealed record SliceRequest
{
    /// <summary>The tenant.</summary>
    [Id(0)] public required string Tenant { get; init; }

    /// <summary>The job.</summary>
    [Id(1)] public required string Job { get; init; }

    /// <summary>The model.</summary>
    [Id(2)] public required string Model { get; init; }

    /// <summary>The model's version.</summary>
    [Id(3)] public required string Version { get; init; }

    /// <summary>The key set.</summary>
    [Id(4)] public required string KeySet { get; init; }

    /// <summary>The index of the look-up step.</summary>
    [Id(5)] public required int Step { get; init; }

    /// <summary>The element that the slice begins with.</summary>
    [Id(6)] public required int FirstElement { get; init; }

    /// <summary>The ciphertexts.</summary>
    [Id(7)] public required CiphertextBatch Ciphertexts { get; init; }

    /// <summary>SHA-256 of the model's file, lower-case hexadecimal.</summary>
    [Id(8)] public required string ModelSha256 { get; init; }

    /// <summary>SHA-256 of the key file, lower-case hexadecimal.</summary>
    [Id(9)] public required string KeySha256 { get; init; }
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
