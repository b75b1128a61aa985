namespace BlindGrain.Grains.Interfaces;

/// <summary>One version of one tenant's compiled model; key <see cref="GrainKeys.Model"/>. A version is immutable once registered.</summary>
[Alias("BlindGrain.IModelGrain")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>Registers the model whose blob is stored already. Registering the same hash again changes nothing.</summary>
    /// <returns>False where another model (another hash) has this version.</returns>
    /// <exception cref="QuotaExceededException">The tenant's quota of models leaves no room for it; its blob is deleted.</exception>
    [Alias("Register")]
    Task<bool> Register(ModelInfo info);

    /// <summary>The model, or null where it is not registered.</summary>
    [Alias("Get")]
    Task<ModelInfo?> Get();

    /// <summary>Unregisters the model and deletes its blob. Running jobs that have loaded it finish.</summary>
    [Alias("Delete")]
    Task Delete();
}

/// <summary>What is known of a registered model.</summary>
[GenerateSerializer, Immutable, Alias("BlindGrain.ModelInfo")]
public sealed record ModelInfo
{
    /// <summary>The model's id.</summary>
    [Id(0)] public required string Model { get; init; }

    /// <summary>The version's id.</summary>
    [Id(1)] public required string Version { get; init; }

    /// <summary>SHA-256 of the <c>.bgc</c> file, lower-case hexadecimal.</summary>
    [Id(2)] public required string Sha256 { get; init; }

    /// <summary>The file's length in bytes.</summary>
    [Id(3)] public required long Bytes { get; init; }

    /// <summary>The parameter set that key sets must have.</summary>
    [Id(4)] public required string ParameterSetId { get; init; }

    /// <summary>The clear input shape, without the batch dimension.</summary>
    [Id(5)] public required int[] InputShape { get; init; }

    /// <summary>The clear output shape, without the batch dimension.</summary>
    [Id(6)] public required int[] OutputShape { get; init; }

    /// <summary>Bootstraps of one inference.</summary>
    [Id(7)] public required int Bootstraps { get; init; }

    /// <summary>The execution mode, for people.</summary>
    [Id(8)] public required string Mode { get; init; }

    /// <summary>When it was registered, UTC.</summary>
    [Id(9)] public required DateTimeOffset Created { get; init; }
}
