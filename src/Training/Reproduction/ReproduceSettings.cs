namespace BlindGrain.Training.Reproduction;

/// <summary>How much of the report is made.</summary>
/// <param name="Seeds">How many seeds a row of the checkerboard or of Iris has.</param>
/// <param name="ImageSeeds">How many seeds a row of Digits or MNIST has.</param>
/// <param name="Quick">Fewer epochs and samples.</param>
/// <param name="Only">Rows, or groups of them; empty for all.</param>
/// <param name="Pictures">The folder for pictures; null for none.</param>
/// <param name="Resume">The folder that keeps what is done; null keeps nothing.</param>
internal sealed record ReproduceSettings(int Seeds, int ImageSeeds, bool Quick, IReadOnlyList<string> Only, string? Pictures, string? Resume)
{
    /// <summary>1, 2, 3, …</summary>
    public ulong[] SeedNumbers => Numbers(Seeds);

    /// <summary>1, 2, 3, …</summary>
    public ulong[] ImageSeedNumbers => Numbers(ImageSeeds);

    private static ulong[] Numbers(int count) => [.. Enumerable.Range(1, count).Select(s => (ulong)s)];
}
