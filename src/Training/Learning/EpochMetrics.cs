namespace BlindGrain.Training.Learning;

/// <summary>What one epoch came to.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Epochs">How many there are.</param>
/// <param name="Quantized">Whether the quantizers were on.</param>
/// <param name="Loss">The mean cross-entropy over the training points right after it, with the quantizers as they were in it.</param>
/// <param name="TrainAccuracy">The share of training points right at that moment, 0 to 1.</param>
internal sealed record EpochMetrics(int Epoch, int Epochs, bool Quantized, double Loss, double TrainAccuracy);
