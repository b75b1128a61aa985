namespace BlindGrain.Compiler.Onnx;

/// <summary>Brings the nodes of a graph into an order in which each follows what it reads. The format asks for that; some exporters do not keep to it, and ONNX Runtime does not mind.</summary>
internal static class NodeOrder
{
    /// <summary>Sorts in place, by Kahn's algorithm, and keeps the order where it can. Nodes of a cycle stay at the end: they read what is not defined yet.</summary>
    public static void Sort(GraphProto graph)
    {
        NodeProto[] nodes = [.. graph.Node];
        var producer = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < nodes.Length; i++)
        {
            foreach (string output in nodes[i].Output.Where(o => o.Length > 0))
            {
                _ = producer.TryAdd(output, i);
            }
        }

        int[][] reads = [.. nodes.Select(n => n.Input.Where(producer.ContainsKey).Select(name => producer[name]).Distinct().ToArray())];
        if (reads.Index().All(n => Array.TrueForAll(n.Item, from => from < n.Index)))
        {
            return;
        }

        ILookup<int, int> readers = reads.Index().SelectMany(n => n.Item.Select(from => (From: from, To: n.Index))).ToLookup(e => e.From, e => e.To);
        int[] missing = [.. reads.Select(r => r.Length)];
        var ready = new PriorityQueue<int, int>();
        foreach (int i in Enumerable.Range(0, nodes.Length).Where(i => missing[i] == 0))
        {
            ready.Enqueue(i, i);
        }

        var placed = new bool[nodes.Length];
        graph.Node.Clear();
        while (ready.TryDequeue(out int next, out _))
        {
            graph.Node.Add(nodes[next]);
            placed[next] = true;
            foreach (int reader in readers[next].Where(r => --missing[r] == 0))
            {
                ready.Enqueue(reader, reader);
            }
        }

        graph.Node.Add(nodes.Where((_, i) => !placed[i]));
    }
}
