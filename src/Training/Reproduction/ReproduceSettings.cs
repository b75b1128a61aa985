namespace BlindGrain.Training.Reproduction;

/// <summary>How much of the report is made.</summary>
/// <param name="Seeds">How many seeds a row has.</param>
/// <param name="Quick">Fewer epochs and samples.</param>
/// <param name="Only">Rows, or groups of them; empty for all.</param>
/// <param name="Pictures">The folder for pictures; null for none.</param>
/// <param name="Resume">The folder that keeps what is done; null keeps nothing.</param>
internal sealed record ReproduceSettings(int Seeds, bool Quick, IReadOnlyList<string> Only, string? Pictures, string? Resume)
{
    /// <summary>1, 2, 3, …</summary>
    public ulong[] SeedNumbers => [.. Enumerable.Range(1, Seeds).Select(s => (ulong)s)];
}
