using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// Which parameter set each look-up of a circuit takes, and so under which big key each value's ciphertexts are. A look-up's result is under the big key of its set; what a linear step reads and yields
/// is under one big key. Inputs that meet no look-up's result there are encrypted under the big key of the first look-up that reads them. Immutable.
/// </summary>
public sealed class ParameterPlan
{
    private readonly ParameterSet?[] _ofStep;
    private readonly GlweParameters[] _ofValue;

    /// <summary>Assigns sets to look-ups.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="sets">A set for each look-up step, in the order of the steps; for a circuit without look-ups, the one set that its ciphertexts are under.</param>
    /// <exception cref="ArgumentException">Another number of sets, more different ones than a suite may have (or several with key blocks), or a linear step that would add ciphertexts under different big keys.</exception>
    public ParameterPlan(FheCircuit circuit, IReadOnlyList<ParameterSet> sets)
        : this(circuit, sets, circuit is null ? [] : ValueGroups.Of(circuit))
    {
        if (Clash is { } clash)
        {
            throw new ArgumentException(
                $"Circuit '{circuit!.Name}' adds what look-ups '{circuit.Steps[clash.First].Name}' and '{circuit.Steps[clash.Second].Name}' yield, so their parameter sets must share a big key; {this[clash.First].Id} and {this[clash.Second].Id} do not.",
                nameof(sets));
        }
    }

    private ParameterPlan(FheCircuit circuit, IReadOnlyList<ParameterSet> sets, int[] group)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(sets);
        int lookups = circuit.Steps.Count(s => s is LookupStep);
        if (sets.Count != Math.Max(1, lookups))
        {
            throw new ArgumentException($"Circuit '{circuit.Name}' has {lookups} look-up steps, the plan {sets.Count} parameter sets.", nameof(sets));
        }

        Sets = [.. sets];
        Suite = new ParameterSuite([.. sets.DistinctBy(p => p.Id)]);
        int next = 0;
        _ofStep = [.. circuit.Steps.Select(s => s is LookupStep ? sets[next++] : null)];
        _ofValue = BigKeys(circuit, group);
        Needs = new KeyNeeds(Suite, circuit.Steps.Zip(_ofStep, (step, set) => (step, set)).Where(s => s.set is not null).Select(s => new LookupKind(_ofValue[((LookupStep)s.step).Source], s.set!)));
    }

    /// <summary>All sets, each once.</summary>
    public ParameterSuite Suite { get; }

    /// <summary>What look-ups need of an evaluation key.</summary>
    public KeyNeeds Needs { get; }

    /// <summary>The set of each look-up step, in the order of the steps.</summary>
    public IReadOnlyList<ParameterSet> Sets { get; }

    /// <summary>The set of look-up step <paramref name="step"/>.</summary>
    /// <exception cref="ArgumentException">The step is no look-up.</exception>
    public ParameterSet this[int step] => (step >= 0 && step < _ofStep.Length ? _ofStep[step] : null)
        ?? throw new ArgumentException($"Step {step} is no look-up.", nameof(step));

    /// <summary>One set for all look-ups.</summary>
    public static ParameterPlan Of(FheCircuit circuit, ParameterSet set)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(set);
        return new ParameterPlan(circuit, [.. Enumerable.Repeat(set, Math.Max(1, circuit.Steps.Count(s => s is LookupStep)))]);
    }

    /// <summary>The big key that the ciphertexts of value <paramref name="value"/> are under.</summary>
    public GlweParameters BigKeyOf(int value) => _ofValue[value];

    /// <summary>The first two look-ups whose results are added though they are under different big keys; null where there are none.</summary>
    private (int First, int Second)? Clash { get; set; }

    /// <summary>A plan, or null where a linear step would add ciphertexts under different big keys.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="sets">A set for each look-up step.</param>
    /// <param name="group">The circuit's <see cref="ValueGroups"/>.</param>
    internal static ParameterPlan? TryCreate(FheCircuit circuit, IReadOnlyList<ParameterSet> sets, int[] group)
    {
        var plan = new ParameterPlan(circuit, sets, group);
        return plan.Clash is null ? plan : null;
    }

    private GlweParameters[] BigKeys(FheCircuit circuit, int[] group)
    {
        var known = new Dictionary<int, (GlweParameters Glwe, int Step)>();
        for (int s = 0; s < _ofStep.Length; s++)
        {
            if (_ofStep[s] is { } set && !known.TryAdd(group[s + 1], (set.Glwe, s)) && known[group[s + 1]] is var first && first.Glwe != set.Glwe)
            {
                Clash ??= (first.Step, s);
            }
        }

        // What is left are inputs that meet no look-up's result.
        int reader = Enumerable.Range(0, _ofStep.Length).FirstOrDefault(s => circuit.Steps[s] is LookupStep lookup && group[lookup.Source] == group[0], -1);
        GlweParameters input = (reader < 0 ? Sets[0] : _ofStep[reader]!).Glwe;
        return [.. group.Select(g => known.TryGetValue(g, out (GlweParameters Glwe, int Step) of) ? of.Glwe : input)];
    }
}
