using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Functions;

/// <summary>The operators of the model that one element function computes: what a look-up fuses.</summary>
internal static class FusedOperators
{
    /// <summary>More than this are not named.</summary>
    private const int Most = 16;

    /// <summary>The operators in order of their application, each node once.</summary>
    public static string[] Of(ElementFunction function)
    {
        var seen = new HashSet<int>();
        var depths = new Dictionary<GraphNode, int>();
        var open = new Stack<ElementFunction>([function]);
        while (open.TryPop(out ElementFunction? next))
        {
            if (!seen.Add(next.Id))
            {
                continue;
            }

            if (next.Node is { } node)
            {
                depths[node] = Math.Max(depths.GetValueOrDefault(node), next.Depth);
            }

            foreach (ElementFunction input in next.Inputs)
            {
                open.Push(input);
            }
        }

        return [.. depths.OrderBy(d => d.Value).Select(d => d.Key.OpType).Take(Most)];
    }
}
