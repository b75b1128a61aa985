namespace BlindGrain.Engine.Circuits;

/// <summary>
/// One step of an <see cref="FheCircuit"/>. Values are numbered: value 0 is the circuit's input vector, value i + 1 the
/// result of step i. A step reads only values with smaller numbers than its own.
/// </summary>
public abstract class CircuitStep
{
    private protected CircuitStep(string name, int outputLength)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputLength);
        Name = name;
        OutputLength = outputLength;
    }

    /// <summary>The step's name, for reports; unique in the circuit.</summary>
    public string Name { get; }

    /// <summary>The length of the vector this step yields.</summary>
    public int OutputLength { get; }

    /// <summary>The numbers of the values that this step reads.</summary>
    public abstract IEnumerable<int> Sources { get; }
}
