using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// Spends the noise that a circuit's look-ups have to spare on speed. First on sharing: look-ups of the same ciphertext on one rotation. Then, for each
/// look-up that shares nothing, on the smallest table and the most companion moves with which the mode's target still holds. It follows from
/// model and parameters alone, so every machine plans the same.
/// </summary>
internal sealed class LookupPlanner(FheCircuit circuit, ValueEncoding encoding, ParameterPlan parameters, ExecutionMode mode, LinearNorms norms)
{
    /// <summary>More than 2^3 tables on a rotation leave boxes too narrow to be of use.</summary>
    private const int MaxLog2Tables = 3;

    private readonly NoiseAnalysis _alone = new(circuit, encoding, parameters, norms);

    /// <summary>Whether every look-up and the output meet the mode with the whole precision of their sets and a rotation each.</summary>
    public bool Meets() => Meets(_alone, s => RotationPlan.Full(parameters[s]));

    /// <summary>The schedule, and the noise under it.</summary>
    public (LookupSchedule Schedule, NoiseAnalysis Noise) Plan()
    {
        for (int most = MaxLog2Tables; most > 0; most--)
        {
            // Outputs of one rotation have noise in common, so sharing in one place may cost a target in another: all or less for all.
            var shared = LookupSchedule.Build(circuit, encoding, parameters, step => Log2Tables(step, most));
            if (!shared.Shares)
            {
                break;
            }

            var noise = new NoiseAnalysis(circuit, encoding, parameters, norms, shared);
            if (Meets(noise, s => shared[s]!.Plan))
            {
                return (shared.WithPlans(s => Cheapest(noise, s, parameters[s])), noise);
            }
        }

        return (LookupSchedule.Build(circuit, encoding, parameters, _ => 0).WithPlans(s => Cheapest(_alone, s, parameters[s])), _alone);
    }

    /// <summary>
    /// The milliseconds that look-up step <paramref name="step"/>, with a rotation an element, would take by a set, what it reads being as noisy as it is; infinite where it would not meet the mode.
    /// What its own noise means for others is not asked.
    /// </summary>
    public double Milliseconds(int step, ParameterSet set, ParameterOptimizer optimizer) => Meets(_alone, step, set, RotationPlan.Full(set))
        ? optimizer.Costs.LayerMilliseconds(
            set, Cheapest(_alone, step, set), circuit.Steps[step].OutputLength, optimizer.Threads, parameters.BigKeyOf(((LookupStep)circuit.Steps[step]).Source).BigDimension)
        : double.PositiveInfinity;

    private bool Meets(NoiseAnalysis noise, Func<int, RotationPlan> plan) =>
        (mode is not ExecutionMode.Exact exact || noise.Log2OutputError() <= exact.Log2PError)
        && Enumerable.Range(0, circuit.Steps.Count).All(s => circuit.Steps[s] is not LookupStep || Meets(noise, s, parameters[s], plan(s)));

    private bool Meets(NoiseAnalysis noise, int step, ParameterSet set, RotationPlan plan) => mode switch
    {
        ExecutionMode.Exact exact => noise.Log2PError(step, set, plan) <= exact.Log2PError,
        ExecutionMode.Approximate approximate => noise.SigmaAt(step, set, plan) <= approximate.Sigma,
        _ => false,
    };

    private int Log2Tables(int step, int most)
    {
        while (most > 0 && !Meets(_alone, step, parameters[step], new RotationPlan(0, 0, most)))
        {
            most--;
        }

        return most;
    }

    private RotationPlan Cheapest(NoiseAnalysis noise, int step, ParameterSet set) => RotationPlan.Cheapest(set, plan => Meets(noise, step, set, plan));
}
