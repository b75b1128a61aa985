using Spectre.Console;

namespace BlindGrain.Cli.Reports;

/// <summary>A search for approximate parameters as a table, with exact mode in the last row.</summary>
internal static class SearchReportView
{
    /// <summary>Writes the table.</summary>
    public static void Write(IAnsiConsole console, SearchReport report)
    {
        console.WriteLine(ModelReportView.Invariant(
            $"search: {report.Samples} validation samples, {report.ClearAccuracy * 100:0.00} % on clear integers; noise may cost {report.Tolerance * 100:0.###} points"));
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in new[] { "parameters", "sigma", "accuracy", "points lost (95 %)", "trials", "modelled time", "keys", "" })
        {
            _ = table.AddColumn(column, c => c.Alignment = column is "parameters" or "" ? Justify.Left : Justify.Right);
        }

        foreach (CandidateReport c in report.Candidates)
        {
            _ = table.AddRow(
                c.Parameters,
                ModelReportView.Invariant($"{c.Sigma * 100:0.###} %"),
                ModelReportView.Invariant($"{c.Accuracy * 100:0.00} %"),
                ModelReportView.Invariant($"{c.Loss * 100:0.00} ({c.LossInterval.Low * 100:0.00} to {c.LossInterval.High * 100:0.00})"),
                ModelReportView.Invariant($"{c.Trials}"),
                ModelReportView.Invariant($"{c.Milliseconds:0} ms"),
                ModelReportView.Bytes(c.KeyBytes),
                c.Accepted ? "taken" : "");
        }

        _ = report.Exact is { } exact
            ? table.AddRow(exact.Parameters, "exact", ModelReportView.Invariant($"{report.ClearAccuracy * 100:0.00} %"), "0", "-", ModelReportView.Invariant($"{exact.Milliseconds:0} ms"), ModelReportView.Bytes(exact.KeyBytes), "for comparison")
            : table.AddRow("-", "exact", "-", "-", "-", "-", "-", "no parameters run it");
        console.Write(table);
    }
}
