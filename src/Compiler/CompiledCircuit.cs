using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler;

/// <summary>A circuit, and what its owner should know of how it came about.</summary>
/// <param name="Circuit">The circuit.</param>
/// <param name="Warnings">Sentences, in the order of the graph; empty where nothing was rounded or guessed.</param>
public sealed record CompiledCircuit(FheCircuit Circuit, IReadOnlyList<string> Warnings);
