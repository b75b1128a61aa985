using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Jobs;

/// <summary>What a job computes on: names, all of one tenant, and the hashes of the files behind them.</summary>
internal sealed record JobTarget(string Tenant, string Job, string Model, string Version, string KeySet, string ModelSha256, string KeySha256)
{
    public SliceRequest Request(int step, int firstElement, LweBatch slice) => new()
    {
        Tenant = Tenant,
        Job = Job,
        Model = Model,
        Version = Version,
        KeySet = KeySet,
        Step = step,
        FirstElement = firstElement,
        Ciphertexts = new CiphertextBatch { Dimension = slice.Dimension.Value, Data = slice.Data },
        ModelSha256 = ModelSha256,
        KeySha256 = KeySha256,
    };
}
