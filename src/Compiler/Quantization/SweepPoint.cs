namespace BlindGrain.Compiler.Quantization;

/// <summary>What a float model becomes at one bit-width.</summary>
/// <param name="Bits">The bits of input, weights and activations.</param>
/// <param name="Correct">How many validation samples got their class on clear integers.</param>
/// <param name="Samples">How many there were.</param>
/// <param name="Bootstraps">Programmable bootstraps of one inference.</param>
/// <param name="MaxBits">The bits of the widest accumulator in the worst case.</param>
/// <param name="CalibratedBits">The bits of the widest accumulator when ranges are calibrated instead.</param>
/// <param name="ExactCost">The modelled cost of one inference in exact mode, in 10^6 operations; null where no parameters of the catalogue suffice.</param>
/// <param name="ApproximateCost">The same in approximate mode.</param>
/// <param name="Refusal">Why there is no circuit at this bit-width, or null; then the other figures are 0.</param>
public sealed record SweepPoint(int Bits, int Correct, int Samples, int Bootstraps, int MaxBits, int CalibratedBits, double? ExactCost, double? ApproximateCost, string? Refusal)
{
    /// <summary>The part of the samples that got their class, 0 to 1.</summary>
    public double Accuracy => Samples == 0 ? 0 : (double)Correct / Samples;
}
