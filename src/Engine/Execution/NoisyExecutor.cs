using BlindGrain.Engine.Execution.Simulation;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// Runs a compiled model on integers with modelled noise at every look-up: the index error, and so the results, are distributed as those of encrypted runs, at a ten-thousandth of
/// their cost and without keys. docs/simulation.md gives the model; tests hold it against <see cref="EncryptedExecutor"/>. Thread-safe.
/// </summary>
public sealed class NoisyExecutor
{
    private readonly CompiledModel _model;
    private readonly NoisyPlan _plan;

    /// <summary>Prepares an executor of <paramref name="model"/>.</summary>
    /// <exception cref="ArgumentException">An accumulator can exceed 64 bits where values leave their ranges, or the circuit has more than 2^27 elements.</exception>
    public NoisyExecutor(CompiledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _plan = NoisyPlan.For(model);
    }

    /// <summary>Evaluates quantized inputs on all cores, each as if encrypted under a key of its own.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="seed">Another seed gives other noise; the same seed gives sample i the same noise in whatever batch.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <returns>The integers that a client would decrypt, with the ranges that were reached, the overflows and the index errors of each look-up step.</returns>
    /// <exception cref="ArgumentException">An input has the wrong length or a value outside the input's range.</exception>
    public SimulationResult Evaluate(IReadOnlyList<int[]> inputs, ulong seed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var collector = new SimulationCollector(_model.Circuit, inputs.Count);
        BlockLoop.Run(inputs.Count, _plan.Lanes, (first, count) => _plan.RunBlock(inputs, first, count, seed, collector), cancellation);
        return collector.Finish();
    }
}
