using System.Diagnostics;
using BlindGrain.Training.Tasks;

namespace BlindGrain.Training.Reproduction;

/// <summary>Makes the report, row by row.</summary>
/// <param name="settings">How much of it.</param>
/// <param name="tell">Called with a line whenever something is done.</param>
internal sealed class ReportRunner(ReproduceSettings settings, Action<string> tell)
{
    /// <summary>Runs all rows that were asked for.</summary>
    /// <param name="command">The command line, for the report.</param>
    /// <param name="cancellation">Stops between epochs and samples.</param>
    public async Task<ReproductionReport> RunAsync(string command, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        var rows = new List<ReportRow>();
        var notRun = new List<string>();
        foreach (RowDefinition definition in ReportRows.All(settings).Where(r => settings.Only.Count == 0 || settings.Only.Contains(r.Group)))
        {
            try
            {
                rows.Add(await RowAsync(definition, cancellation));
            }
            catch (FileNotFoundException e)
            {
                notRun.Add($"{definition.Name}: {e.Message}");
                tell($"{notRun[^1]} The row is left out.");
            }
        }

        return new ReproductionReport(
            Machine.Describe(),
            command,
            settings.Quick,
            CheckerboardCeiling.Expected(Checkerboard.Generate(1).Train),
            rows,
            notRun,
            Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private async Task<ReportRow> RowAsync(RowDefinition definition, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        var results = new List<SeedResult>();
        TrainedModel? first = null;
        foreach (ulong seed in definition.Seeds)
        {
            TrainedModel trained = definition.Train(seed, cancellation);
            first ??= trained;
            results.Add(trained.Result);
            tell(FormattableString.Invariant($"{definition.Name}: seed {seed} ({results.Count} of {definition.Seeds.Length}), trained {trained.Result.Trained:P2}, integers {trained.Result.Integers:P2}"));
        }

        if (settings.Pictures is { } folder && definition.Group == "checkerboard")
        {
            DecisionRegions.Write(Path.Combine(folder, $"{DecisionRegions.FileName(definition.Name)}.svg"), definition.Name, first!);
        }

        RowFigures figures = RowFigures.Of(results);
        var encrypted = new List<EncryptedResult>();
        List<GoalResult> goals = [.. definition.Goals.Select(g => Judge(g.Text, g.Figure(figures), g.AtLeast, g.AtMost))];
        foreach (EncryptedPlan plan in definition.Encrypted)
        {
            EncryptedResult result = await EncryptedRun.RunAsync(first!, plan, null, cancellation);
            encrypted.Add(result);
            tell(FormattableString.Invariant($"{definition.Name}: {result.Mode}, {result.Way}: {result.EqualClasses} of {result.Samples} classes as on clear integers, {result.MedianSeconds:F3} s an inference"));
            goals.AddRange(Judge(plan, result));
        }

        return new ReportRow(definition.Group, definition.Name, definition.Theirs, figures, results, encrypted, goals, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static IEnumerable<GoalResult> Judge(EncryptedPlan plan, EncryptedResult result)
    {
        if (plan.Mode is Engine.Execution.ExecutionMode.Exact)
        {
            yield return Judge($"encrypted integers equal to clear ones, of {result.Samples}", result.EqualIntegers, result.Samples, false);
        }

        if (plan.MaxSeconds is { } seconds)
        {
            yield return Judge($"seconds of one encrypted inference ({result.Mode})", result.MedianSeconds, seconds, true);
        }
    }

    private static GoalResult Judge(string text, double ours, double asked, bool atMost) => new(text, ours, asked, atMost ? ours <= asked : ours >= asked);
}
