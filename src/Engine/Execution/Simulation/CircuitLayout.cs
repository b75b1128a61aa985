using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution.Simulation;

/// <summary>Where a circuit's values lie in a block of samples: a row an element, a lane a sample, the values one after the other.</summary>
internal sealed class CircuitLayout
{
    /// <summary>Circuits of more elements than this take fewer lanes, so that a block stays in the second-level cache, or near it.</summary>
    private const int ManyRows = 8192;

    private readonly int[] _firstRow;

    /// <summary>Lays out a circuit.</summary>
    /// <exception cref="ArgumentException">The circuit has more than 2^27 elements.</exception>
    public CircuitLayout(FheCircuit circuit)
    {
        Circuit = circuit;
        _firstRow = new int[circuit.Steps.Count + 2];
        long rows = 0;
        for (int v = 0; v <= circuit.Steps.Count; v++)
        {
            rows += circuit.LengthOf(v);
            if (rows > 1 << 27)
            {
                throw new ArgumentException($"Circuit '{circuit.Name}' has more than 2^27 elements, too many to simulate.", nameof(circuit));
            }

            _firstRow[v + 1] = (int)rows;
        }
    }

    /// <summary>The circuit.</summary>
    public FheCircuit Circuit { get; }

    /// <summary>The elements of all values.</summary>
    public int Rows => _firstRow[^1];

    /// <summary>How many samples a block of a batch takes.</summary>
    public int Lanes => Rows <= ManyRows ? 32 : 8;

    /// <summary>The row of a value's first element.</summary>
    public int FirstRow(int value) => _firstRow[value];
}
