namespace BlindGrain.Training.Reproduction;

/// <summary>Figures over the seeds. Accuracies are shares, 0 to 1.</summary>
/// <param name="Trained">The network as it was trained.</param>
/// <param name="Integers">The circuit on clear integers.</param>
/// <param name="Ceiling">The best classifier on the same test samples; null where not known.</param>
/// <param name="Simulated">With modelled noise; null where not simulated.</param>
/// <param name="ObservedBits">The widest value over what training data reach.</param>
/// <param name="WorstCaseBits">The widest value over every possible input.</param>
/// <param name="Bootstraps">Of one inference.</param>
/// <param name="EqualSeeds">The share of the seeds whose circuit is exactly as accurate as the trained network, 0 to 1.</param>
internal sealed record RowFigures(
    Spread Trained, Spread Integers, Spread? Ceiling, Spread? Simulated, Spread ObservedBits, Spread WorstCaseBits, Spread Bootstraps, double EqualSeeds)
{
    /// <summary>Of the seeds of a row.</summary>
    public static RowFigures Of(IReadOnlyList<SeedResult> seeds) => new(
        Spread.Of(seeds.Select(s => s.Trained)),
        Spread.Of(seeds.Select(s => s.Integers)),
        seeds.All(s => s.Ceiling is not null) ? Spread.Of(seeds.Select(s => s.Ceiling!.Value)) : null,
        seeds.All(s => s.Simulated is not null) ? Spread.Of(seeds.Select(s => s.Simulated!.Value)) : null,
        Spread.Of(seeds.Select(s => (double)s.ObservedBits)),
        Spread.Of(seeds.Select(s => (double)s.WorstCaseBits)),
        Spread.Of(seeds.Select(s => (double)s.Bootstraps)),
        (double)seeds.Count(s => s.Trained == s.Integers) / seeds.Count);
}
