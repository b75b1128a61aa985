namespace BlindGrain.Grains.Interfaces;

/// <summary>One version of one tenant's model while it is uploaded in chunks; key <see cref="GrainKeys.Model"/>. The bytes lie in blob storage and never travel in grain messages.</summary>
[Alias("BlindGrain.IModelUploadGrain")]
public interface IModelUploadGrain : IGrainWithStringKey
{
    /// <summary>Announces an upload. Announcing the same again changes nothing.</summary>
    /// <returns>False where an upload of other content is under way.</returns>
    /// <exception cref="QuotaExceededException">The tenant's quota of models leaves no room for it.</exception>
    [Alias("Create")]
    Task<bool> Create(ModelUploadInfo info);

    /// <summary>The upload, or null where none is under way.</summary>
    [Alias("Get")]
    Task<ModelUploadInfo?> Get();

    /// <summary>Forgets the upload and deletes its chunks.</summary>
    /// <param name="sha256">The content that is meant: an upload of other content, announced since, stays. Null for any.</param>
    [Alias("Delete")]
    Task Delete(string? sha256);
}

/// <summary>What is announced of a model's upload.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.ModelUploadInfo")]
public sealed record ModelUploadInfo
{
    /// <summary>The length of the file in bytes.</summary>
    [Id(0)] public required long Bytes { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    [Id(1)] public required string Sha256 { get; init; }

    /// <summary>When it was announced, UTC.</summary>
    [Id(2)] public required DateTimeOffset Created { get; init; }
}
