using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// Which blind rotations compute a circuit's look-ups. Look-ups that read the same ciphertext through different tables share a rotation where the noise
/// allows (many-LUT, eprint 2021/729): within a step, and a later step with an earlier one that computes all of it.
/// </summary>
internal sealed class LookupSchedule
{
    private readonly LookupWork?[] _work;

    private LookupSchedule(LookupWork?[] work)
    {
        _work = work;
    }

    /// <summary>The blind rotations of one evaluation.</summary>
    public int Rotations => All.Sum(w => w.Rotations.Count);

    /// <summary>All work, in evaluation order.</summary>
    public IEnumerable<LookupWork> All => _work.OfType<LookupWork>().Distinct();

    /// <summary>Whether any rotation yields more than one look-up.</summary>
    public bool Shares => _work.Any(w => w?.MostOutputs > 1);

    /// <summary>The work that computes a look-up step; null where the step is none.</summary>
    public LookupWork? this[int step] => _work[step];

    /// <summary>The modelled milliseconds of one evaluation's look-ups.</summary>
    public double Milliseconds(FheCircuit circuit, ParameterPlan parameters, CostModel costs, int threads) => All.Sum(work => Milliseconds(work, circuit, parameters, costs, threads));

    /// <summary>Those of one work.</summary>
    public static double Milliseconds(LookupWork work, FheCircuit circuit, ParameterPlan parameters, CostModel costs, int threads) =>
        costs.LayerMilliseconds(work.Parameters, work.Plan, work.Rotations.Count, threads, parameters.BigKeyOf(((LookupStep)circuit.Steps[work.Steps[0]]).Source).BigDimension);

    /// <summary>Builds a schedule; rotations with one table have their set's whole precision. Look-ups of different sets share none.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="encoding">How its values lie on the torus.</param>
    /// <param name="parameters">The parameters of the look-ups.</param>
    /// <param name="log2Tables">The most tables, as log2, that a rotation may have for a step: 0 for no sharing.</param>
    public static LookupSchedule Build(FheCircuit circuit, ValueEncoding encoding, ParameterPlan parameters, Func<int, int> log2Tables)
    {
        var builders = new List<LookupWorkBuilder>();
        var ciphertexts = new CiphertextNames(circuit, encoding);
        for (int s = 0; s < circuit.Steps.Count; s++)
        {
            if (circuit.Steps[s] is LookupStep lookup)
            {
                CiphertextName[] read = ciphertexts.Of(lookup.Source);
                int most = 1 << log2Tables(s), step = s;
                if (!builders.Exists(b => b.TryJoin(step, parameters[step], read, most)))
                {
                    builders.Add(new LookupWorkBuilder(s, parameters[s], read, most));
                }
            }
        }

        var work = new LookupWork?[circuit.Steps.Count];
        foreach (LookupWorkBuilder builder in builders)
        {
            LookupWork made = builder.Build(circuit);
            foreach (int step in made.Steps)
            {
                work[step] = made;
            }
        }

        return new LookupSchedule(work);
    }

    /// <summary>The same rotations, where those with one table use the set as <paramref name="plan"/> says.</summary>
    public LookupSchedule WithPlans(Func<int, RotationPlan> plan) =>
        new([.. _work.Select((w, s) => w is { MostOutputs: 1 } ? new LookupWork(w.Steps, w.Lengths, w.Rotations, w.Parameters, plan(s)) : w)]);

    /// <summary>For each element of what a step yields, a number of its rotation that is its own in the circuit; −1 where nothing else comes from it.</summary>
    public int[] RotationOf(int step)
    {
        LookupWork work = _work[step] ?? throw new ArgumentException($"Step {step} is no look-up.", nameof(step));
        int before = _work.Take(work.Steps[0]).OfType<LookupWork>().Distinct().Sum(w => w.Rotations.Count);
        var numbers = new int[work.Lengths[work.NumberOf(step)]];
        for (int r = 0; r < work.Rotations.Count; r++)
        {
            IReadOnlyList<LookupOutput> outputs = work.Rotations[r].Outputs;
            foreach (LookupOutput output in outputs.Where(o => o.Step == step))
            {
                numbers[output.Element] = outputs.Count > 1 ? before + r : -1;
            }
        }

        return numbers;
    }
}
