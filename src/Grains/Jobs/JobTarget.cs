using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Workers;

namespace BlindGrain.Grains.Jobs;

/// <summary>What a job computes on: names, all of one tenant, and the hashes of the files behind them; and how urgent it is.</summary>
internal sealed record JobTarget(string Tenant, string Job, string Model, string Version, string KeySet, string ModelSha256, string KeySha256)
{
    /// <summary>How urgent it is among its tenant's jobs.</summary>
    public JobUrgency Urgency { get; init; } = new(JobSubmission.DefaultPriority, null);

    /// <summary>The trace that the job was submitted under; null for none.</summary>
    public TraceContext? Trace { get; init; }

    public SliceRequest Request(SliceOwner owner, SliceName name, LweBatch slice, bool isSpill) => new()
    {
        Owner = owner,
        Model = Model,
        Version = Version,
        KeySet = KeySet,
        Name = name,
        Ciphertexts = new CiphertextBatch { Dimension = slice.Dimension.Value, Data = slice.Data },
        ModelSha256 = ModelSha256,
        KeySha256 = KeySha256,
        Priority = Urgency.Priority,
        Deadline = Urgency.Deadline,
        IsSpill = isSpill,

        // The layer's, or where this silo traces nothing, the job's for those that do.
        Trace = TraceContext.Current ?? Trace,
    };
}
