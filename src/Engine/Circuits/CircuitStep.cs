namespace BlindGrain.Engine.Circuits;

/// <summary>
/// One step of an <see cref="FheCircuit"/>. Values are numbered: value 0 is the circuit's input vector, value i + 1 the
/// result of step i. A step reads only values with smaller numbers than its own.
/// </summary>
public abstract class CircuitStep
{
    /// <summary>The most characters of a step's or a circuit's name: its UTF-8 form fits the file's 16-bit length.</summary>
    internal const int MaxNameLength = 1 << 12;

    private protected CircuitStep(string name, int outputLength)
    {
        CheckName(name);
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

    /// <summary>Refuses a name that is empty or too long for the file format.</summary>
    internal static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaxNameLength)
        {
            throw new ArgumentException($"A name of {name.Length} characters is too long; at most {MaxNameLength} are allowed.", nameof(name));
        }
    }
}
