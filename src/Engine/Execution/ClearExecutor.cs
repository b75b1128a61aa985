using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution;

/// <summary>Runs a circuit on clear integers, exactly: the reference that encrypted runs are held against. Thread-safe.</summary>
public sealed class ClearExecutor
{
    private readonly FheCircuit _circuit;

    /// <summary>Creates an executor of <paramref name="circuit"/>.</summary>
    public ClearExecutor(FheCircuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        _circuit = circuit;
    }

    /// <summary>The circuit's output integers for one quantized input.</summary>
    /// <exception cref="ArgumentException">The input has the wrong length or a value outside the input's range.</exception>
    public long[] Run(ReadOnlySpan<int> input) => RunAll(input)[_circuit.Output.Value];

    /// <summary>The circuit's output integers for many quantized inputs, on all cores.</summary>
    /// <exception cref="ArgumentException">As <see cref="Run"/>.</exception>
    public long[][] RunBatch(IReadOnlyList<int[]> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var results = new long[inputs.Count][];
        try
        {
            _ = Parallel.For(0, inputs.Count, i => results[i] = Run(inputs[i]));
        }
        catch (AggregateException e) when (e.InnerException is ArgumentException first)
        {
            throw new ArgumentException(first.Message, nameof(inputs), e);
        }

        return results;
    }

    /// <summary>Every value of the circuit for one quantized input, by value number.</summary>
    /// <exception cref="ArgumentException">As <see cref="Run"/>.</exception>
    public long[][] RunAll(ReadOnlySpan<int> input)
    {
        if (input.Length != _circuit.Input.Length)
        {
            throw new ArgumentException($"The circuit takes {_circuit.Input.Length} values, not {input.Length}.", nameof(input));
        }

        var values = new long[_circuit.Steps.Count + 1][];
        values[0] = new long[input.Length];
        for (int i = 0; i < input.Length; i++)
        {
            values[0][i] = _circuit.Input.Range.Contains(input[i])
                ? input[i]
                : throw new ArgumentException($"Value {i} is {input[i]}; the circuit takes {_circuit.Input.Range}.", nameof(input));
        }

        for (int s = 0; s < _circuit.Steps.Count; s++)
        {
            values[s + 1] = _circuit.Steps[s] switch
            {
                LinearStep linear => Apply(linear, values),
                LookupStep lookup => Apply(lookup, values[lookup.Source]),
                _ => throw new InvalidOperationException("Unknown kind of step."),
            };
        }

        return values;
    }

    private static long[] Apply(LinearStep step, long[][] values)
    {
        long[] y = (long[])step.Bias.Clone();
        foreach (LinearTerm term in step.Terms)
        {
            SparseMatrix m = term.Matrix;
            long[] x = values[term.Source];
            for (int r = 0; r < m.Rows; r++)
            {
                long sum = 0;
                for (int e = m.RowStart[r]; e < m.RowStart[r + 1]; e++)
                {
                    sum += m.Weight[e] * x[m.Column[e]];
                }

                y[r] += sum;
            }
        }

        return y;
    }

    private static long[] Apply(LookupStep step, long[] x)
    {
        var y = new long[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = step.Tables[step.TableOfElement[i]][x[i]];
        }

        return y;
    }
}
