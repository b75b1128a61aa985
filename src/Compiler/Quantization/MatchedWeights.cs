namespace BlindGrain.Compiler.Quantization;

/// <summary>Weights that lie on integers.</summary>
/// <param name="Values">Integer · scale, laid out as the weights were.</param>
/// <param name="Scales">One scale, or one an output channel.</param>
internal sealed record MatchedWeights(float[] Values, float[] Scales);
