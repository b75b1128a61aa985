using BlindGrain.Engine.Circuits;

namespace BlindGrain.Training.Networks;

/// <summary>What a linear layer costs under encryption, from its integer weights.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Neurons">The number of neurons.</param>
/// <param name="NonZero">The non-zero integer weights of the whole layer.</param>
/// <param name="MaxNonZero">The most non-zero integer weights of one neuron.</param>
/// <param name="Accumulator">The union of all neurons' worst-case accumulators, without bias.</param>
/// <param name="MaxWidth">The most values one neuron's accumulator can take.</param>
/// <param name="MaxSquaredNorm">The largest Σ w² of a neuron: how much noise a linear map adds (nu2).</param>
internal sealed record LayerRange(string Name, int Neurons, int NonZero, int MaxNonZero, ValueRange Accumulator, long MaxWidth, long MaxSquaredNorm);
