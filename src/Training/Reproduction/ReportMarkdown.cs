using System.Globalization;
using System.Text;

namespace BlindGrain.Training.Reproduction;

/// <summary>The report as Markdown tables: theirs beside ours.</summary>
internal static class ReportMarkdown
{
    /// <summary>The text, without a title.</summary>
    public static string Format(ReproductionReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Made by `{report.Command}`{(report.Quick ? " (the short form: one seed, fewer epochs and samples)" : string.Empty)} in {report.Seconds / 60:F0} minutes on: {report.Machine}.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"The noise of the checkerboard bounds every classifier: knowing grid and noise, the best one can be expected to get {report.ExpectedCeiling:P2} of all points. The column \"best possible\" is that classifier on the same test points.\n\n");
        Accuracies(text, report);
        Encrypted(text, report);
        Goals(text, report);
        foreach (string reason in report.NotRun)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nNot run: {reason}\n");
        }

        return text.ToString();
    }

    private static void Accuracies(StringBuilder text, ReproductionReport report)
    {
        text.Append("### Accuracy\n\nMean over the seeds ± standard deviation; *trained* is the float network, or the one quantized in training; *integers* the compiled circuit; bits are the widest value, as training data reach it and in the worst case.\n\n");
        text.Append("| network | seeds | trained: theirs | ours | 3-bit, imported: theirs | ours, integers | with noise | best possible | bits: theirs | ours, reached | ours, worst case | bootstraps |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (ReportRow row in report.Rows)
        {
            RowFigures f = row.Ours;
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {row.Seeds.Count} | {Share(row.Theirs.Trained)} | {Share(f.Trained)} | {Share(row.Theirs.Quantized)} | {Share(f.Integers)} | {Share(f.Simulated)} | {Share(f.Ceiling)} | {row.Theirs.Bits?.ToString("F1", CultureInfo.InvariantCulture) ?? "–"} | {f.ObservedBits.Mean:F1} | {f.WorstCaseBits.Mean:F1} | {f.Bootstraps.Mean:F0} |\n");
        }

        text.Append('\n');
    }

    private static void Encrypted(StringBuilder text, ReproductionReport report)
    {
        if (report.Rows.All(r => r.Encrypted.Count == 0))
        {
            return;
        }

        text.Append("### Encrypted\n\nThe network of the first seed on the first test samples, one after the other: median seconds from clear input to clear output.\n\n");
        text.Append("| network | mode | by | samples | integers equal to clear | classes equal | accuracy | seconds: theirs | ours | bootstraps | threads | keys |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (ReportRow row in report.Rows)
        {
            foreach (EncryptedResult e in row.Encrypted)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {e.Mode} | {e.Way} | {e.Samples} | {e.EqualIntegers} | {e.EqualClasses} | {e.Accuracy:P1} | {row.Theirs.Seconds?.ToString("F2", CultureInfo.InvariantCulture) ?? "–"} | {e.MedianSeconds:F3} | {e.Bootstraps} | {e.Threads} | {e.KeyMegabytes:F1} MB |\n");
            }
        }

        text.Append('\n');
    }

    private static void Goals(StringBuilder text, ReproductionReport report)
    {
        text.Append("### Goals\n\n| network | goal | asked | ours | met |\n|---|---|---|---|---|\n");
        foreach (ReportRow row in report.Rows)
        {
            foreach (GoalResult goal in row.Goals)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {goal.Text} | {goal.Asked:0.####} | {goal.Ours:0.####} | {(goal.Met ? "yes" : "**no**")} |\n");
            }
        }
    }

    private static string Share(double? value) => value is { } v ? v.ToString("P2", CultureInfo.InvariantCulture) : "–";

    private static string Share(Spread? spread) => spread is null
        ? "–"
        : spread.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{spread.Mean:P2} ± {100 * spread.Deviation:F2}") : spread.Mean.ToString("P2", CultureInfo.InvariantCulture);
}
