using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Quantization;

/// <summary>A circuit whose ranges were calibrated on data.</summary>
/// <param name="Circuit">The circuit.</param>
/// <param name="OverflowProbability">An upper estimate of the probability that one look-up reads a value outside its range: from the second half of the data against ranges
/// of the first; 3/n where none was seen.</param>
/// <param name="Outside">How many were outside in that estimate.</param>
/// <param name="Read">How many look-ups it counted.</param>
public sealed record CalibratedCircuit(FheCircuit Circuit, double OverflowProbability, long Outside, long Read);
