namespace BlindGrain.Engine.Circuits;

/// <summary>A table of one integer function: f(<see cref="InputMin"/> + i) = <see cref="Outputs"/>[i].</summary>
public sealed class LookupTable
{
    /// <summary>Creates a table over [<paramref name="inputMin"/>, inputMin + outputs.Length − 1].</summary>
    public LookupTable(long inputMin, int[] outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentOutOfRangeException.ThrowIfZero(outputs.Length);
        InputMin = inputMin;
        Outputs = outputs;
    }

    /// <summary>The smallest input.</summary>
    public long InputMin { get; }

    /// <summary>The outputs in order of the input.</summary>
    public int[] Outputs { get; }

    /// <summary>The inputs that the table covers.</summary>
    public ValueRange Domain => new(InputMin, InputMin + Outputs.Length - 1);

    /// <summary>f(<paramref name="input"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input is outside <see cref="Domain"/>.</exception>
    public int this[long input] => Domain.Contains(input)
        ? Outputs[input - InputMin]
        : throw new ArgumentOutOfRangeException(nameof(input), input, $"The table covers {Domain}.");
}

/// <summary>One table look-up an element, y[i] = table_of(i)(x[i]): one programmable bootstrap each.</summary>
public sealed class LookupStep : CircuitStep
{
    /// <summary>Creates a look-up step.</summary>
    /// <param name="name">The step's name, unique in the circuit.</param>
    /// <param name="source">The number of the value read.</param>
    /// <param name="tables">The distinct tables.</param>
    /// <param name="tableOfElement">For each element, the index of its table.</param>
    /// <exception cref="ArgumentException">An index names no table.</exception>
    public LookupStep(string name, int source, IReadOnlyList<LookupTable> tables, int[] tableOfElement)
        : base(name, tableOfElement?.Length ?? throw new ArgumentNullException(nameof(tableOfElement)))
    {
        ArgumentNullException.ThrowIfNull(tables);
        if (tables.Count == 0 || tableOfElement.Any(t => t < 0 || t >= tables.Count))
        {
            throw new ArgumentException($"Look-up step '{name}' has {tables.Count} tables and an element that names none of them.", nameof(tableOfElement));
        }

        Source = source;
        Tables = tables;
        TableOfElement = tableOfElement;
    }

    /// <summary>The number of the value read.</summary>
    public int Source { get; }

    /// <summary>The distinct tables.</summary>
    public IReadOnlyList<LookupTable> Tables { get; }

    /// <summary>For each element, the index of its table.</summary>
    public int[] TableOfElement { get; }

    /// <inheritdoc/>
    public override IEnumerable<int> Sources => [Source];
}
