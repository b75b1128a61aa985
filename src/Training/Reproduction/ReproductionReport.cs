namespace BlindGrain.Training.Reproduction;

/// <summary>The whole report.</summary>
/// <param name="Machine">Processor, cores, memory, operating system.</param>
/// <param name="Command">The command that made it.</param>
/// <param name="Quick">Whether it is the short form: one seed, small samples.</param>
/// <param name="ExpectedCeiling">What the best classifier of the checkerboard can be expected to reach over all of its points, 0 to 1.</param>
/// <param name="Rows">The rows.</param>
/// <param name="NotRun">Rows whose data are missing, and why.</param>
/// <param name="Seconds">What it took.</param>
internal sealed record ReproductionReport(
    string Machine, string Command, bool Quick, double ExpectedCeiling, IReadOnlyList<ReportRow> Rows, IReadOnlyList<string> NotRun, double Seconds);
