namespace BlindGrain.Training.Reproduction;

/// <summary>Published figures of the reference; null where there is none.</summary>
/// <param name="Trained">Accuracy of the float network, or after quantization-aware training, 0 to 1.</param>
/// <param name="Quantized">Accuracy after quantization or import, 0 to 1.</param>
/// <param name="Bits">The accumulator's size.</param>
/// <param name="Seconds">Of one encrypted inference.</param>
internal sealed record Theirs(double? Trained, double? Quantized, double? Bits, double? Seconds);
