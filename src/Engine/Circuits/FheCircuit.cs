namespace BlindGrain.Engine.Circuits;

/// <summary>
/// A network as integer steps: linear maps and table look-ups over flat vectors, a DAG in evaluation order. It says nothing
/// of keys or parameters. Immutable; the arrays it holds must not be written to.
/// </summary>
public sealed class FheCircuit
{
    /// <summary>Creates and checks a circuit.</summary>
    /// <param name="name">The model's name, for reports.</param>
    /// <param name="input">How floats become value 0.</param>
    /// <param name="steps">The steps; step i yields value i + 1.</param>
    /// <param name="output">Which value leaves, and how it becomes floats.</param>
    /// <exception cref="ArgumentException">The name is empty or too long, a step reads a later value, lengths do not fit, two steps share a name, or a
    /// look-up's table does not cover all that can reach it: the message names the step.</exception>
    public FheCircuit(string name, CircuitInput input, IReadOnlyList<CircuitStep> steps, CircuitOutput output)
    {
        CircuitStep.CheckName(name);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(output);
        Name = name;
        Input = input;
        Steps = steps;
        Output = output;
        CheckShapes();
        Ranges = CircuitRanges.Compute(this);
    }

    /// <summary>The model's name.</summary>
    public string Name { get; }

    /// <summary>How floats become value 0.</summary>
    public CircuitInput Input { get; }

    /// <summary>The steps in evaluation order.</summary>
    public IReadOnlyList<CircuitStep> Steps { get; }

    /// <summary>Which value leaves the circuit.</summary>
    public CircuitOutput Output { get; }

    /// <summary>The worst-case range of every element of every value: <c>Ranges[value][element]</c>.</summary>
    public IReadOnlyList<ValueRange[]> Ranges { get; }

    /// <summary>The number of programmable bootstraps of one evaluation.</summary>
    public int Bootstraps => Steps.OfType<LookupStep>().Sum(s => s.OutputLength);

    /// <summary>The largest bit-width of any value that a look-up reads or the circuit yields.</summary>
    public int MaxBits => Steps.OfType<LookupStep>().Select(s => s.Source).Append(Output.Value)
        .Max(v => Ranges[v].Max(r => r.Bits));

    /// <summary>The length of value number <paramref name="value"/>.</summary>
    public int LengthOf(int value) => value == 0 ? Input.Length : Steps[value - 1].OutputLength;

    private void CheckShapes()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < Steps.Count; i++)
        {
            CircuitStep step = Steps[i];
            if (!names.Add(step.Name))
            {
                throw new ArgumentException($"Two steps are named '{step.Name}'.");
            }

            if (step.Sources.Any(s => s < 0 || s > i))
            {
                throw new ArgumentException($"Step '{step.Name}' reads a value that does not exist yet.");
            }

            bool fits = step switch
            {
                LinearStep linear => linear.Terms.All(t => t.Matrix.Columns == LengthOf(t.Source)),
                LookupStep lookup => lookup.OutputLength == LengthOf(lookup.Source),
                _ => false,
            };
            if (!fits)
            {
                throw new ArgumentException($"Step '{step.Name}' does not fit the length of what it reads.");
            }
        }

        if (Output.Value > Steps.Count || LengthOf(Output.Value) != Output.Length)
        {
            throw new ArgumentException($"The output names value {Output.Value} with {Output.Length} elements, which the circuit does not have.");
        }
    }
}
