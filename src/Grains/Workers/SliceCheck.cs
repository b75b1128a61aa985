using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Workers;

/// <summary>Holds a slice against its model before it may share a pass with others.</summary>
internal static class SliceCheck
{
    /// <summary>The slice as a run of its step's rotations.</summary>
    /// <exception cref="SliceRefusedException">It does not fit the model.</exception>
    public static LookupRun RunOf(SliceRequest request, CompiledModel model)
    {
        (int step, int first) = request.Name;
        if (step < 0 || step >= model.Circuit.Steps.Count || model.Circuit.Steps[step] is not LookupStep lookup)
        {
            throw new SliceRefusedException(JobErrors.Internal, $"Step {step} of the model is no look-up.");
        }

        LweDimension dimension = model.DimensionOf(lookup.Source);
        if (request.Ciphertexts.Dimension != dimension.Value)
        {
            throw new SliceRefusedException(JobErrors.ParameterMismatch, $"The slice's ciphertexts have dimension {request.Ciphertexts.Dimension}, what step {step} reads has {dimension}.");
        }

        LweBatch ciphertexts;
        try
        {
            ciphertexts = new LweBatch(dimension, request.Ciphertexts.Data);
        }
        catch (ArgumentException e)
        {
            throw new SliceRefusedException(JobErrors.Internal, e.Message, e);
        }

        int rotations = model.Work(step).Rotations.Count;
        return first >= 0 && first <= rotations - ciphertexts.Count
            ? new LookupRun(model, step, first, ciphertexts)
            : throw new SliceRefusedException(JobErrors.Internal, $"A slice of {ciphertexts.Count} rotations from number {first} on does not fit step {step}, which has {rotations}.");
    }
}
