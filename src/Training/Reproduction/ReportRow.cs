namespace BlindGrain.Training.Reproduction;

/// <summary>A row of the report with its figures.</summary>
/// <param name="Group">checkerboard, iris, digits or mnist.</param>
/// <param name="Id">What <c>--only</c> knows it by.</param>
/// <param name="Name">Its title.</param>
/// <param name="Theirs">The published figures.</param>
/// <param name="Ours">Ours, over the seeds.</param>
/// <param name="Seeds">Ours, seed by seed.</param>
/// <param name="Encrypted">The encrypted runs.</param>
/// <param name="Goals">What was asked, and whether it is met.</param>
/// <param name="Seconds">What the row took.</param>
internal sealed record ReportRow(
    string Group,
    string Id,
    string Name,
    Theirs Theirs,
    RowFigures Ours,
    IReadOnlyList<SeedResult> Seeds,
    IReadOnlyList<EncryptedResult> Encrypted,
    IReadOnlyList<GoalResult> Goals,
    double Seconds);
