using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Workers;
using BlindGrain.Storage;

namespace BlindGrain.Grains.Caches;

/// <summary>Makes a key ready for computing.</summary>
internal interface IKeyLoader
{
    /// <summary>Loads a key and expands what is needed of it.</summary>
    /// <exception cref="SliceRefusedException">Its file is missing, damaged, another one, or not for all of these parameters.</exception>
    Task<ServerKey> LoadAsync(KeyName name, KeyNeeds needs);
}

/// <summary>Loads keys from the blob store: bytes, hash, parameters and only then the expansion, which takes most memory and time.</summary>
internal sealed class BlobKeyLoader(IBlobStore blobs) : IKeyLoader
{
    public Task<ServerKey> LoadAsync(KeyName name, KeyNeeds needs) => HashedBlob.ReadAsync(
        blobs,
        BlobNames.KeySet(name.Tenant, name.KeySet),
        name.Sha256,
        JobErrors.KeySetNotFound,
        EvaluationKey.Read,
        key => ParameterSuite.Serves(key.Parameters.Id, needs.Parameters.Id)
            ? ServerKey.Expand(key, needs, 1)
            : throw new SliceRefusedException(JobErrors.ParameterMismatch, $"The key set is for parameters {key.Parameters.Id}, the model runs on {needs.Parameters.Id}."));
}
