namespace BlindGrain.Grains.Interfaces;

/// <summary>One key set (evaluation keys) of one tenant; key <see cref="GrainKeys.KeySet"/>. The bytes lie in blob storage and never travel in grain messages.</summary>
[Alias("BlindGrain.IKeySetGrain")]
public interface IKeySetGrain : IGrainWithStringKey
{
    /// <summary>Announces a key set that is to be uploaded. Announcing the same again changes nothing.</summary>
    /// <returns>False where a key set of other content has this id.</returns>
    /// <exception cref="QuotaExceededException">The tenant's quota of key bytes does not leave room for it.</exception>
    [Alias("Create")]
    Task<bool> Create(KeySetInfo info);

    /// <summary>Marks the key set as ready: its blob is complete, hash-checked and validated.</summary>
    /// <param name="sha256">What the blob was found to hash to.</param>
    /// <returns>False where the key set was deleted, or announced anew with other content, while the blob was being checked.</returns>
    [Alias("Commit")]
    Task<bool> Commit(string sha256);

    /// <summary>The key set, or null where there is none.</summary>
    [Alias("Get")]
    Task<KeySetInfo?> Get();

    /// <summary>Deletes the key set and its blobs, and evicts it from the silos' caches.</summary>
    [Alias("Delete")]
    Task Delete();
}

/// <summary>What is known of a key set.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.KeySetInfo")]
public sealed record KeySetInfo
{
    /// <summary>The key set's id.</summary>
    [Id(0)] public required string KeySet { get; init; }

    /// <summary>The parameter set of the keys.</summary>
    [Id(1)] public required string ParameterSetId { get; init; }

    /// <summary>The length of the key file in bytes.</summary>
    [Id(2)] public required long Bytes { get; init; }

    /// <summary>SHA-256 of the key file, lower-case hexadecimal.</summary>
    [Id(3)] public required string Sha256 { get; init; }

    /// <summary>Whether the upload is complete and checked.</summary>
    [Id(4)] public bool Ready { get; init; }

    /// <summary>When it was announced, UTC.</summary>
    [Id(5)] public required DateTimeOffset Created { get; init; }
}
