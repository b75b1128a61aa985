using BlindGrain.Compiler.Operators;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Import;

/// <summary>Collects a circuit's steps and the ranges of their values while the graph is walked.</summary>
internal sealed class CircuitBuilder
{
    private const int MaxElements = 1 << 25;
    private const int MaxWeights = 1 << 27;
    private const int MaxTableEntries = 1 << 28;

    private readonly List<CircuitStep> _steps = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<int> _maxima = [];

    private long _elements;
    private long _weights;
    private long _entries;

    /// <summary>The input, once its quantizer was met.</summary>
    public CircuitInput? Input { get; private set; }

    /// <summary>The ranges of every value so far.</summary>
    public List<ValueRange[]> Ranges { get; } = [];

    public IReadOnlyList<CircuitStep> Steps => _steps;

    /// <summary>The length of a value.</summary>
    public int LengthOf(int value) => Ranges[value].Length;

    /// <summary>How the input's elements become integers, as far as it is known.</summary>
    public InputScaling? InputScaling { get; set; }

    /// <summary>Whether a value holds maxima that were put together from comparisons.</summary>
    public bool IsMaximum(int value) => _maxima.Contains(value);

    /// <summary>Says that a value holds maxima.</summary>
    public void MarkMaximum(int value) => _maxima.Add(value);

    /// <summary>Sets value 0, or how more of its elements become integers; their range stays.</summary>
    public void SetInput(CircuitInput input)
    {
        if (Input is null)
        {
            Ranges.Add([.. Enumerable.Repeat(input.Range, input.Length)]);
        }

        Input = input;
    }

    /// <summary>Adds a step and returns the number of its value.</summary>
    /// <exception cref="UnsupportedModelException">The circuit becomes too large.</exception>
    public int Add(Func<string, CircuitStep> create, string name)
    {
        string unique = name;
        for (int i = 2; !_names.Add(unique); i++)
        {
            unique = $"{name} #{i}";
        }

        CircuitStep step = create(unique);
        Count(step);
        _steps.Add(step);
        Ranges.Add(CircuitRanges.OfStep(step, Ranges));
        return _steps.Count;
    }

    /// <summary>Refuses a step before it is built.</summary>
    /// <param name="name">The node that makes it.</param>
    /// <param name="elements">The values it would yield.</param>
    /// <param name="weights">The weights it would hold.</param>
    /// <exception cref="UnsupportedModelException">The circuit would become too large.</exception>
    public void CheckRoom(string name, long elements, long weights)
    {
        if (_elements + elements > MaxElements || _weights + weights > MaxWeights)
        {
            throw TooLarge(name, _elements + elements, _weights + weights, _entries);
        }
    }

    private void Count(CircuitStep step)
    {
        _elements += step.OutputLength;
        _weights += step is LinearStep linear ? linear.Terms.Sum(t => (long)t.Matrix.Weight.Length) : 0;
        _entries += step is LookupStep lookup ? lookup.Tables.Sum(t => (long)t.Outputs.Length) : 0;
        if (_elements > MaxElements || _weights > MaxWeights || _entries > MaxTableEntries)
        {
            throw TooLarge($"'{step.Name}'", _elements, _weights, _entries);
        }
    }

    private static UnsupportedModelException TooLarge(string step, long elements, long weights, long entries) => new(
        $"With {step} the circuit has {elements} values, {weights} weights (each counted as often as it is applied) and {entries} table entries; at most {MaxElements}, {MaxWeights} and {MaxTableEntries} are supported. Use smaller images, fewer channels or larger strides.");
}
