using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution;

/// <summary>What a linear step reads and yields is one group: its ciphertexts are added, so they share Δ and a big key.</summary>
internal static class ValueGroups
{
    /// <summary>For each value of a circuit the number of its group.</summary>
    public static int[] Of(FheCircuit circuit)
    {
        int[] parent = [.. Enumerable.Range(0, circuit.Steps.Count + 1)];
        for (int i = 0; i < circuit.Steps.Count; i++)
        {
            if (circuit.Steps[i] is LinearStep linear)
            {
                foreach (LinearTerm term in linear.Terms)
                {
                    parent[Root(parent, term.Source)] = Root(parent, i + 1);
                }
            }
        }

        return [.. parent.Select((_, v) => Root(parent, v))];
    }

    private static int Root(int[] parent, int v)
    {
        while (parent[v] != v)
        {
            v = parent[v];
        }

        return v;
    }
}
