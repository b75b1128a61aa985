using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// Spends the noise that a circuit's look-ups have to spare on speed. First on sharing: look-ups of the same ciphertext on one rotation. Then, for each
/// look-up that shares nothing, on the smallest table and the most companion moves with which the mode's target still holds. It follows from
/// model and parameters alone, so every machine plans the same.
/// </summary>
internal sealed class LookupPlanner(FheCircuit circuit, ValueEncoding encoding, ParameterSet parameters, ExecutionMode mode)
{
    /// <summary>More than 2^3 tables on a rotation leave boxes too narrow to be of use.</summary>
    private const int MaxLog2Tables = 3;

    /// <summary>Whether every look-up and the output meet the mode with the whole precision of the set and a rotation each.</summary>
    public bool Meets() => Meets(new NoiseAnalysis(circuit, encoding, parameters), _ => RotationPlan.Full(parameters));

    /// <summary>The schedule, and the noise under it.</summary>
    public (LookupSchedule Schedule, NoiseAnalysis Noise) Plan()
    {
        var alone = new NoiseAnalysis(circuit, encoding, parameters);
        for (int most = MaxLog2Tables; most > 0; most--)
        {
            // Outputs of one rotation have noise in common, so sharing in one place may cost a target in another: all or less for all.
            var shared = LookupSchedule.Build(circuit, encoding, parameters, step => Log2Tables(alone, step, most));
            if (!shared.Shares)
            {
                break;
            }

            var noise = new NoiseAnalysis(circuit, encoding, parameters, shared);
            if (Meets(noise, s => shared[s]!.Plan))
            {
                return (shared.WithPlans(s => Cheapest(noise, s)), noise);
            }
        }

        return (LookupSchedule.Build(circuit, encoding, parameters, _ => 0).WithPlans(s => Cheapest(alone, s)), alone);
    }

    private bool Meets(NoiseAnalysis noise, Func<int, RotationPlan> plan) =>
        (mode is not ExecutionMode.Exact exact || noise.Log2OutputError() <= exact.Log2PError)
        && Enumerable.Range(0, circuit.Steps.Count).All(s => circuit.Steps[s] is not LookupStep lookup || Meets(noise, lookup, plan(s)));

    private bool Meets(NoiseAnalysis noise, LookupStep step, RotationPlan plan) => mode switch
    {
        ExecutionMode.Exact exact => noise.Log2PError(step, plan) <= exact.Log2PError,
        ExecutionMode.Approximate approximate => noise.SigmaAt(step, plan) <= approximate.Sigma,
        _ => false,
    };

    private int Log2Tables(NoiseAnalysis noise, LookupStep step, int most)
    {
        while (most > 0 && !Meets(noise, step, new RotationPlan(0, 0, most)))
        {
            most--;
        }

        return most;
    }

    private RotationPlan Cheapest(NoiseAnalysis noise, int step) => RotationPlan.Cheapest(parameters, plan => Meets(noise, (LookupStep)circuit.Steps[step], plan));
}
