using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Import;

/// <summary>The distinct tables of a look-up step.</summary>
internal sealed class TableSet
{
    private readonly List<LookupTable> _tables = [];
    private readonly Dictionary<int, List<int>> _byHash = [];

    public IReadOnlyList<LookupTable> Tables => _tables;

    /// <summary>The index of a table, which is added unless an equal one is there.</summary>
    public int Add(LookupTable table)
    {
        var hash = new HashCode();
        hash.Add(table.InputMin);
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(table.Outputs.AsSpan()));
        int key = hash.ToHashCode();
        if (!_byHash.TryGetValue(key, out List<int>? candidates))
        {
            _byHash.Add(key, candidates = []);
        }

        foreach (int candidate in candidates)
        {
            if (_tables[candidate].InputMin == table.InputMin && _tables[candidate].Outputs.AsSpan().SequenceEqual(table.Outputs))
            {
                return candidate;
            }
        }

        candidates.Add(_tables.Count);
        _tables.Add(table);
        return _tables.Count - 1;
    }
}
