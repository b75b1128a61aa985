using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Import;

/// <summary>Collects the rows of a linear step's matrices, one matrix a source value.</summary>
/// <param name="entries">How many entries to expect, so that little is copied.</param>
internal sealed class MatrixBuilder(int entries = 0)
{
    private readonly SortedDictionary<int, Parts> _parts = [];
    private readonly List<(int Value, int Column, long Weight)> _row = [];
    private int _rows;

    /// <summary>Adds an entry to the current row; entries of one element are summed.</summary>
    public void Add(ElementReference element, long weight) => _row.Add((element.Value, element.Index, weight));

    /// <summary>Ends the current row.</summary>
    /// <exception cref="OverflowException">A weight exceeds 32 bits.</exception>
    public void EndRow()
    {
        for (int e = 1; e < _row.Count; e++)
        {
            (int before, int left, _) = _row[e - 1];
            (int value, int right, _) = _row[e];
            if (before > value || (before == value && left > right))
            {
                _row.Sort();
                break;
            }
        }

        for (int e = 0; e < _row.Count;)
        {
            (int value, int column, long weight) = _row[e];
            while (++e < _row.Count && _row[e].Value == value && _row[e].Column == column)
            {
                weight = checked(weight + _row[e].Weight);
            }

            if (weight != 0)
            {
                Parts parts = Part(value);
                parts.Column.Add(column);
                parts.Weight.Add(checked((int)weight));
            }
        }

        _row.Clear();
        _rows++;
        foreach (Parts parts in _parts.Values)
        {
            parts.Start.Add(parts.Column.Count);
        }
    }

    /// <summary>The terms of the step.</summary>
    /// <param name="length">The length of a value.</param>
    /// <param name="otherwise">The value to read where all weights are zero: a step needs a term.</param>
    public IReadOnlyList<LinearTerm> Build(Func<int, int> length, int otherwise)
    {
        if (_parts.Count == 0)
        {
            return [new LinearTerm(otherwise, new SparseMatrix(_rows, length(otherwise), new int[_rows + 1], [], []))];
        }

        return [.. _parts.Select(p => new LinearTerm(p.Key, new SparseMatrix(_rows, length(p.Key), [.. p.Value.Start], [.. p.Value.Column], [.. p.Value.Weight])))];
    }

    private Parts Part(int value)
    {
        if (!_parts.TryGetValue(value, out Parts? parts))
        {
            parts = new Parts(_parts.Count == 0 ? entries : 0);
            parts.Start.AddRange(Enumerable.Repeat(0, _rows + 1));
            _parts.Add(value, parts);
        }

        return parts;
    }

    private sealed class Parts(int capacity)
    {
        public List<int> Start { get; } = [];

        public List<int> Column { get; } = new(capacity);

        public List<int> Weight { get; } = new(capacity);
    }
}
