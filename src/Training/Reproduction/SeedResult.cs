namespace BlindGrain.Training.Reproduction;

/// <summary>What one seed of a row came to. Accuracies are shares of the test samples, 0 to 1.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Trained">The network as it was trained: in float, or quantized in training.</param>
/// <param name="Integers">The compiled circuit on clear integers.</param>
/// <param name="ObservedBits">The widest value of the circuit in bits, over what training data reach.</param>
/// <param name="WorstCaseBits">The same over every possible input.</param>
/// <param name="Bootstraps">Bootstraps of one inference.</param>
internal sealed record SeedResult(ulong Seed, double Trained, double Integers, int ObservedBits, int WorstCaseBits, int Bootstraps)
{
    /// <summary>The best classifier's accuracy on the same test samples; null where it is not known.</summary>
    public double? Ceiling { get; init; }

    /// <summary>The accuracy with the modelled noise of approximate mode; null where it was not simulated.</summary>
    public double? Simulated { get; init; }
}
