using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution.Simulation;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// Runs a circuit on clear integers, exactly: the reference that encrypted runs are held against. A look-up of a value outside its declared range reads the
/// nearest entry, and <see cref="Evaluate"/> counts it (<see cref="SimulationResult.Overflows"/>). Thread-safe.
/// </summary>
public sealed class ClearExecutor
{
    private readonly FheCircuit _circuit;
    private readonly ClearPlan _plan;

    /// <summary>Prepares an executor of <paramref name="circuit"/>.</summary>
    /// <exception cref="ArgumentException">An accumulator can exceed 64 bits where values leave their declared ranges, or the circuit has more than 2^27 elements.</exception>
    public ClearExecutor(FheCircuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        _circuit = circuit;
        _plan = ClearPlan.For(circuit);
    }

    /// <summary>The circuit's output integers for one quantized input.</summary>
    /// <exception cref="ArgumentException">The input has the wrong length or a value outside the input's range.</exception>
    public long[] Run(ReadOnlySpan<int> input) => _plan.Run(input);

    /// <summary>Every value of the circuit for one quantized input, by value number.</summary>
    /// <exception cref="ArgumentException">As <see cref="Run"/>.</exception>
    public long[][] RunAll(ReadOnlySpan<int> input) => _plan.RunAll(input);

    /// <summary>The circuit's output integers for many quantized inputs, on all cores.</summary>
    /// <exception cref="ArgumentException">As <see cref="Run"/>.</exception>
    public long[][] RunBatch(IReadOnlyList<int[]> inputs) => Evaluate(inputs, CancellationToken.None).Outputs;

    /// <summary>The outputs for many quantized inputs, with the ranges that were reached and the overflows, on all cores.</summary>
    /// <exception cref="ArgumentException">As <see cref="Run"/>.</exception>
    public SimulationResult Evaluate(IReadOnlyList<int[]> inputs, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var collector = new SimulationCollector(_circuit, inputs.Count);
        BlockLoop.Run(inputs.Count, _plan.Lanes, (first, count) => _plan.RunBlock(inputs, first, count, collector), cancellation);
        return collector.Finish();
    }
}
