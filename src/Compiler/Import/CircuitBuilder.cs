using BlindGrain.Compiler.Operators;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Import;

/// <summary>Collects a circuit's steps and the ranges of their values while the graph is walked.</summary>
internal sealed class CircuitBuilder
{
    private readonly List<CircuitStep> _steps = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The input, once its quantizer was met.</summary>
    public CircuitInput? Input { get; private set; }

    /// <summary>The ranges of every value so far.</summary>
    public List<ValueRange[]> Ranges { get; } = [];

    public IReadOnlyList<CircuitStep> Steps => _steps;

    /// <summary>The length of a value.</summary>
    public int LengthOf(int value) => Ranges[value].Length;

    /// <summary>How the input's elements become integers, as far as it is known.</summary>
    public InputScaling? InputScaling { get; set; }

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
    public int Add(Func<string, CircuitStep> create, string name)
    {
        string unique = name;
        for (int i = 2; !_names.Add(unique); i++)
        {
            unique = $"{name} #{i}";
        }

        CircuitStep step = create(unique);
        _steps.Add(step);
        Ranges.Add(CircuitRanges.OfStep(step, Ranges));
        return _steps.Count;
    }
}
