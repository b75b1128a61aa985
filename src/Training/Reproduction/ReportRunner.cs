using System.Diagnostics;
using BlindGrain.Engine.Execution;
using BlindGrain.Training.Tasks;

namespace BlindGrain.Training.Reproduction;

/// <summary>Makes the report, row by row.</summary>
/// <param name="settings">How much of it.</param>
/// <param name="tell">Called with a line whenever something is done.</param>
internal sealed class ReportRunner(ReproduceSettings settings, Action<string> tell)
{
    private readonly RowStore _store = new(settings.Resume);

    /// <summary>Runs rows.</summary>
    /// <param name="definitions">The rows.</param>
    /// <param name="command">The command line, for the report.</param>
    /// <param name="cancellation">Stops between epochs and samples.</param>
    public async Task<ReproductionReport> RunAsync(IEnumerable<RowDefinition> definitions, string command, CancellationToken cancellation)
    {
        var rows = new List<ReportRow>();
        var notRun = new List<string>();
        foreach (RowDefinition definition in definitions)
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
            rows.Sum(r => r.Seconds));
    }

    private async Task<ReportRow> RowAsync(RowDefinition definition, CancellationToken cancellation)
    {
        KeptRow row = _store.Load(definition);
        long start = Stopwatch.GetTimestamp();
        TrainedModel? first = null;
        void Keep(KeptRow done)
        {
            row = done with { Seconds = done.Seconds + Stopwatch.GetElapsedTime(start).TotalSeconds };
            start = Stopwatch.GetTimestamp();
            _store.Save(definition, row);
        }

        foreach (ulong seed in definition.Seeds.Where(s => row.Seeds.All(k => k.Seed != s)))
        {
            TrainedModel trained = definition.Train(seed, cancellation);
            first ??= seed == definition.Seeds[0] ? trained : null;
            Keep(row with { Seeds = [.. row.Seeds, trained.Result] });
            SeedResult r = trained.Result;
            tell(FormattableString.Invariant($"{definition.Name}: seed {seed} ({row.Seeds.Count} of {definition.Seeds.Length}), trained {r.Trained:P2}, integers {r.Integers:P2}, {row.Seconds:F0} s"));
        }

        // What was kept holds figures, not networks; training is repeatable.
        TrainedModel First() => first ??= definition.Train(definition.Seeds[0], cancellation);
        if (settings.Pictures is { } folder && definition.Group == "checkerboard" && Path.Combine(folder, $"{definition.Id}.svg") is var picture && !(settings.Resume is not null && File.Exists(picture)))
        {
            DecisionRegions.Write(picture, definition.Name, First(), definition.EncryptedPicture, cancellation);
            tell($"{definition.Name}: {picture}");
        }

        foreach (EncryptedPlan plan in definition.Encrypted.Where(p => row.Encrypted.All(e => !p.Made(e))))
        {
            EncryptedResult result = await EncryptedRun.RunAsync(First(), plan, null, cancellation);
            Keep(row with { Encrypted = [.. row.Encrypted, result] });
            tell(FormattableString.Invariant($"{definition.Name}: {result.Mode}, {result.Way}: {result.EqualClasses} of {result.Samples} classes as on clear integers, {result.MedianSeconds:F3} s an inference, {row.Seconds:F0} s"));
        }

        SeedResult[] seeds = [.. definition.Seeds.Select(s => row.Seeds.First(k => k.Seed == s))];
        (EncryptedPlan Plan, EncryptedResult Result)[] encrypted = [.. definition.Encrypted.Select(p => (p, row.Encrypted.First(p.Made)))];
        var figures = RowFigures.Of(seeds);
        GoalResult[] goals = [.. definition.Goals.Select(g => Judge(g.Text, g.Figure(figures), g.AtLeast, g.AtMost)), .. encrypted.SelectMany(e => Judge(e.Plan, e.Result))];
        return new ReportRow(definition.Group, definition.Id, definition.Name, definition.Theirs, figures, seeds, [.. encrypted.Select(e => e.Result)], goals, row.Seconds);
    }

    private static IEnumerable<GoalResult> Judge(EncryptedPlan plan, EncryptedResult result)
    {
        if (plan.Mode is ExecutionMode.Exact)
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
