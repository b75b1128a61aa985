using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution;

/// <summary>What a batch of samples gave, and what was seen on the way.</summary>
/// <param name="Outputs">The circuit's output integers of each sample, in order.</param>
/// <param name="Observed">The least and largest integer of every value over all samples and elements, by value number.</param>
/// <param name="Overflows">
/// By value number, how many integers that a look-up reads or the circuit yields left the range the circuit gives them. Only a range that was declared
/// (calibrated, say) can be left. Clear execution then reads the nearest entry; encrypted execution reads that too while the value stays in the half torus, and a negated
/// entry of the other end beyond. Where this is not 0, clear and encrypted results may differ.
/// </param>
/// <param name="Noise">By step, the index errors of a look-up under noise; null for linear steps and without noise.</param>
public sealed record SimulationResult(long[][] Outputs, ValueRange[] Observed, long[] Overflows, LookupNoise?[] Noise);
