namespace BlindGrain.Engine.Circuits;

/// <summary>
/// One step of an <see cref="FheCircuit"/>. Values are numbered: value 0 is the circuit's input vector, value i + 1 the
/// result of step i. A step reads only values with smaller numbers than its own.
/// </summary>
public abstract class CircuitStep
{
    /// <summary>The most characters of a step's or a circuit's name: its UTF-8 form fits the file's 16-bit length.</summary>
    internal const int MaxNameLength = 1 << 12;

    /// <summary>The most axes of a shape, and the most operators that are named.</summary>
    internal const int MaxFacts = 64;

    private readonly int[] _shape;
    private readonly IReadOnlyList<string> _operators = [];

    private protected CircuitStep(string name, int outputLength)
    {
        CheckName(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputLength);
        Name = name;
        OutputLength = outputLength;
        _shape = [outputLength];
    }

    /// <summary>The step's name, for reports; unique in the circuit.</summary>
    public string Name { get; }

    /// <summary>The length of the vector this step yields.</summary>
    public int OutputLength { get; }

    /// <summary>The result's shape without the batch dimension, row-major, for reports: <see cref="OutputLength"/> alone where nothing else is known.</summary>
    /// <exception cref="ArgumentException">The shape has another number of elements, or too many axes.</exception>
    public int[] Shape
    {
        get => _shape;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            double product = 1;
            foreach (int d in value)
            {
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(d, nameof(value));
                product *= d;
            }

            _shape = product == OutputLength && value.Length is > 0 and <= MaxFacts
                ? value
                : throw new ArgumentException($"Step '{Name}' yields {OutputLength} values, which a shape of {value.Length} axes and {product} elements does not hold.", nameof(value));
        }
    }

    /// <summary>The model's operators that this step computes, in their order, for reports: what was fused into it. Empty where that is not known.</summary>
    /// <exception cref="ArgumentException">There are too many, or one is empty or too long.</exception>
    public IReadOnlyList<string> Operators
    {
        get => _operators;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Count, MaxFacts, nameof(value));
            foreach (string name in value)
            {
                CheckName(name);
            }

            _operators = value;
        }
    }

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
