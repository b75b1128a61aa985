using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// What blind rotations have in common that share one pass over a key set's bootstrapping key, whichever step, model or job they are of. Equal by value;
/// two rotations of one key set may be computed together where their passes are equal.
/// </summary>
/// <param name="ParameterSetId">The parameter set of the rotations.</param>
/// <param name="From">The big key of the ciphertexts that are read.</param>
/// <param name="Plan">How much of the set's precision is used.</param>
/// <param name="Capacity">The rotations, at least 1, from which on a longer run gains nothing: those whose accumulators stay in a core's cache.</param>
public readonly record struct LookupPass(string ParameterSetId, GlweParameters From, RotationPlan Plan, int Capacity)
{
    /// <summary>The pass that a step's rotations go through.</summary>
    /// <param name="model">The model.</param>
    /// <param name="step">The index of a look-up step in <c>model.Circuit.Steps</c>.</param>
    /// <exception cref="ArgumentException">The step is no look-up.</exception>
    public static LookupPass Of(CompiledModel model, int step)
    {
        ArgumentNullException.ThrowIfNull(model);
        LookupWork work = model.Work(step);
        LookupStep lookup = model.Lookup(work.Steps[0]);
        return new LookupPass(work.Parameters.Id, model.ParameterPlan.BigKeyOf(lookup.Source), work.Plan, Bootstrapper.BatchOf(work.Parameters));
    }
}

/// <summary>A run of a look-up's rotations with the ciphertexts that they read.</summary>
/// <param name="Model">The model.</param>
/// <param name="Step">The index of a look-up step in <c>Model.Circuit.Steps</c>.</param>
/// <param name="FirstRotation">The rotation that the first ciphertext is for.</param>
/// <param name="Ciphertexts">The ciphertexts that rotations FirstRotation, FirstRotation + 1, ... read.</param>
public sealed record LookupRun(CompiledModel Model, int Step, int FirstRotation, LweBatch Ciphertexts);
