namespace BlindGrain.Training.Reproduction;

/// <summary>What a network of the checkerboard is trained with.</summary>
/// <param name="Hidden">The neurons of either hidden layer.</param>
/// <param name="NonZero">Non-zero weights a neuron; null prunes nothing.</param>
/// <param name="Seed">The seed of data, weights and order.</param>
/// <param name="Epochs">Passes over the training points.</param>
/// <param name="Calibration">How many training points calibrate.</param>
internal sealed record RowSettings(int Hidden, int? NonZero, ulong Seed, int Epochs, int Calibration);
