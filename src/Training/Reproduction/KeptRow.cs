namespace BlindGrain.Training.Reproduction;

/// <summary>What is done of a row.</summary>
/// <param name="Settings">What it was made with: figures of other settings are no part of it.</param>
/// <param name="Seeds">The seeds that were trained.</param>
/// <param name="Encrypted">The encrypted runs.</param>
/// <param name="Seconds">What all of that took.</param>
internal sealed record KeptRow(string Settings, IReadOnlyList<SeedResult> Seeds, IReadOnlyList<EncryptedResult> Encrypted, double Seconds);
