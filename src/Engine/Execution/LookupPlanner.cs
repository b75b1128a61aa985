using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// Chooses for each look-up of a circuit how much of the parameter set's precision it uses: the smallest table, then the most companion moves, with which
/// the mode's target still holds. It follows from model and parameters alone, so every machine chooses the same. What one look-up uses changes the noise
/// of no other: a bootstrap's result has the noise of its blind rotation, whatever was switched before.
/// </summary>
internal static class LookupPlanner
{
    /// <summary>The plan of a look-up that meets the mode with the whole precision of the set.</summary>
    /// <param name="noise">The circuit's noise under the parameters.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="step">The look-up.</param>
    public static RotationPlan For(NoiseAnalysis noise, ParameterSet parameters, ExecutionMode mode, LookupStep step) =>
        RotationPlan.Cheapest(parameters, plan => Meets(noise, mode, step, plan));

    /// <summary>Whether a look-up meets the mode's target under a plan.</summary>
    public static bool Meets(NoiseAnalysis noise, ExecutionMode mode, LookupStep step, RotationPlan plan) => mode switch
    {
        ExecutionMode.Exact exact => noise.Log2PError(step, plan) <= exact.Log2PError,
        ExecutionMode.Approximate approximate => noise.SigmaAt(step, plan) <= approximate.Sigma,
        _ => false,
    };
}
