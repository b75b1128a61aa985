using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Jobs;

/// <summary>The rotations of one look-up step while they are being computed: what is not cut yet, what must be sent again, what is under way.</summary>
internal sealed class Layer(LookupWork work, LweBatch source)
{
    private readonly Queue<Slice> _again = new();
    private int _next;
    private int _done;

    public LookupWork Work => work;

    /// <summary>The step that the rotations are named by.</summary>
    public int Step => work.Steps[0];

    /// <summary>What each step of the work yields.</summary>
    public LweBatch[] Results { get; } = work.NewResults();

    public bool IsDone => _done == work.Rotations.Count;

    /// <summary>The rotations that have never been sent.</summary>
    public int Uncut => work.Rotations.Count - _next;

    /// <summary>Whether anything is to be sent.</summary>
    public bool HasWaiting => _again.Count > 0 || Uncut > 0;

    /// <summary>The slices under way.</summary>
    public List<Slice> Flying { get; } = [];

    /// <summary>The bytes that a rotation's ciphertexts take, the larger way of the two.</summary>
    public int CiphertextBytes { get; } = Math.Max(LweBatch.ByteSize(source.Dimension, 1), LweBatch.ByteSize(work.Parameters.BigDimension, work.MostOutputs));

    /// <summary>What is to be sent next: a slice that was sent before, or one cut now.</summary>
    /// <param name="size">The rotations of a fresh slice.</param>
    public Slice Next(Func<int> size)
    {
        if (_again.TryDequeue(out Slice? slice))
        {
            return slice;
        }

        slice = new Slice(this, _next, size());
        _next += slice.Count;
        return slice;
    }

    /// <summary>Has a slice sent again that nobody computes.</summary>
    public void Again(Slice slice)
    {
        _ = Flying.Remove(slice);
        _again.Enqueue(slice);
    }

    /// <summary>What a slice's rotations read.</summary>
    public LweBatch Inputs(Slice slice) => work.Inputs(source, slice.First, slice.Count);

    /// <summary>Takes a slice's first result in; false where it is not of the right size.</summary>
    public bool TryLand(Slice slice, CiphertextBatch ciphertexts)
    {
        if (ciphertexts.Dimension != Results[0].Dimension.Value || ciphertexts.Data.Length != LweBatch.ByteSize(Results[0].Dimension, work.OutputsOf(slice.First, slice.Count)))
        {
            return false;
        }

        work.Place(slice.First, slice.Count, new LweBatch(Results[0].Dimension, ciphertexts.Data), Results);
        slice.IsDone = true;
        _ = Flying.Remove(slice);
        _done += slice.Count;
        return true;
    }
}
