using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>Collects the look-ups that share rotations, from the step on that reads the ciphertexts first.</summary>
internal sealed class LookupWorkBuilder
{
    private readonly Dictionary<CiphertextName, List<Group>> _groups = [];
    private readonly List<Group> _order = [];
    private readonly List<int> _steps = [];
    private readonly ParameterSet _parameters;
    private int _most;

    public LookupWorkBuilder(int step, ParameterSet parameters, CiphertextName[] read, int most)
    {
        _parameters = parameters;
        _most = most;
        _steps.Add(step);
        for (int i = 0; i < read.Length; i++)
        {
            Add(read[i], i, new LookupOutput(step, i));
        }
    }

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<int> Steps => _steps;

    /// <summary>The most outputs of any rotation.</summary>
    public int MostOutputs => _order.Max(g => g.Outputs.Count);

    /// <summary>Takes a step in if it is by the same set, every ciphertext that it reads is read here already, and each has room for all its tables.</summary>
    /// <param name="step">The step.</param>
    /// <param name="parameters">Its set.</param>
    /// <param name="read">What its elements read.</param>
    /// <param name="most">The most tables that a rotation may have for it.</param>
    public bool TryJoin(int step, ParameterSet parameters, CiphertextName[] read, int most)
    {
        int both = Math.Min(_most, most);
        if (both == 1 || parameters.Id != _parameters.Id || MostOutputs > both || !read.CountBy(n => n).All(n => _groups.TryGetValue(n.Key, out List<Group>? groups) && groups.Sum(g => both - g.Outputs.Count) >= n.Value))
        {
            return false;
        }

        _most = both;
        _steps.Add(step);
        for (int i = 0; i < read.Length; i++)
        {
            Add(read[i], -1, new LookupOutput(step, i));
        }

        return true;
    }

    /// <summary>The work; rotations with one table use the whole precision of the set.</summary>
    public LookupWork Build(FheCircuit circuit)
    {
        int log2Tables = System.Numerics.BitOperations.Log2((uint)((2 * MostOutputs) - 1));
        return new LookupWork(
            [.. _steps],
            [.. _steps.Select(s => circuit.Steps[s].OutputLength)],
            [.. _order.Select(g => new LookupRotation(g.Element, [.. g.Outputs]))],
            _parameters,
            log2Tables == 0 ? RotationPlan.Full(_parameters) : new RotationPlan(0, 0, log2Tables));
    }

    private void Add(CiphertextName name, int element, LookupOutput output)
    {
        if (!_groups.TryGetValue(name, out List<Group>? groups))
        {
            _groups.Add(name, groups = []);
        }

        Group? free = groups.Find(g => g.Outputs.Count < _most);
        if (free is null)
        {
            free = new Group(element, []);
            groups.Add(free);
            _order.Add(free);
        }

        free.Outputs.Add(output);
    }

    private sealed record Group(int Element, List<LookupOutput> Outputs);
}
