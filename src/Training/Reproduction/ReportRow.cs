namespace BlindGrain.Training.Reproduction;

/// <summary>A row of the report with its figures.</summary>
/// <param name="Group">checkerboard, iris, digits or mnist.</param>
/// <param name="Name">Its title.</param>
/// <param name="Theirs">The published figures.</param>
/// <param name="Ours">Ours, over the seeds.</param>
/// <param name="Seeds">Ours, seed by seed.</param>
/// <param name="Encrypted">The encrypted runs.</param>
/// <param name="Goals">What was asked, and whether it is met.</param>
/// <param name="Seconds">What the row took.</param>
internal sealed record ReportRow(
    string Group,
    string Name,
    Theirs Theirs,
    RowFigures Ours,
    IReadOnlyList<SeedResult> Seeds,
    IReadOnlyList<EncryptedResult> Encrypted,
    IReadOnlyList<GoalResult> Goals,
    double Seconds);

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

/// <summary>What was asked, and what came of it.</summary>
/// <param name="Text">What was asked.</param>
/// <param name="Ours">The figure.</param>
/// <param name="Asked">What it had to reach.</param>
/// <param name="Met">Whether it did.</param>
internal sealed record GoalResult(string Text, double Ours, double Asked, bool Met);

/// <summary>An encrypted run.</summary>
/// <param name="Mode">Exact or approximate, in words.</param>
/// <param name="Way">"REST" or "engine".</param>
/// <param name="Samples">How many samples.</param>
/// <param name="EqualIntegers">How many gave the integers of clear execution.</param>
/// <param name="EqualClasses">How many gave its class.</param>
/// <param name="Accuracy">The share of right classes, 0 to 1.</param>
/// <param name="MedianSeconds">The median of the seconds of one inference, one after the other, on <paramref name="Threads"/> threads.</param>
/// <param name="Bootstraps">Bootstraps of one inference.</param>
/// <param name="Threads">The threads.</param>
/// <param name="KeyMegabytes">Evaluation keys as they travel.</param>
/// <param name="Parameters">The parameter set.</param>
internal sealed record EncryptedResult(
    string Mode, string Way, int Samples, int EqualIntegers, int EqualClasses, double Accuracy, double MedianSeconds, int Bootstraps, int Threads, double KeyMegabytes, string Parameters);
