using Spectre.Console;
using static BlindGrain.Cli.Reports.ModelReportView;

namespace BlindGrain.Cli.Demo;

/// <summary>A demo's report as a table.</summary>
internal static class DemoReportView
{
    /// <summary>Writes the report.</summary>
    public static void Write(IAnsiConsole console, DemoReport report)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .Title(Markup.Escape($"{report.Model}: {report.Points} encrypted points, {report.ModeText}"))
            .AddColumn("")
            .AddColumn("", c => c.Alignment = Justify.Right);
        void Row(string name, string value) => table.AddRow(name, Markup.Escape(value));
        Row("accuracy, float network", Percent(report.Accuracy.Float));
        Row("accuracy, clear integers", Percent(report.Accuracy.Clear));
        Row("accuracy, encrypted", Percent(report.Accuracy.Encrypted));
        Row("encrypted = clear, classes", Percent(report.Agreement));
        Row("encrypted = clear, all output integers", Percent(report.IntegerAgreement));
        _ = table.AddEmptyRow();
        Row("time a point", Invariant($"{report.MsPerPoint:0.0} ms"));
        Row("median latency", Invariant($"{report.MedianLatencyMs:0} ms, {report.Concurrency} in flight"));
        Row("bootstraps", Invariant($"{report.Bootstraps} a point, {report.BootstrapsPerSecond:0} a second on {report.WorkerThreads} threads"));
        _ = table.AddEmptyRow();
        Row("REST traffic a point", $"{Bytes(report.Bytes.UpPerPoint)} up, {Bytes(report.Bytes.DownPerPoint)} down");
        Row("REST traffic in all", $"{Bytes(report.Bytes.Up)} up, {Bytes(report.Bytes.Down)} down");
        Row("evaluation keys", $"{Bytes(report.KeyBytes.Upload)} uploaded, {Bytes(report.KeyBytes.Expanded)} in the worker");
        Row("making and uploading them", Invariant($"{report.KeySeconds:0.0} s"));
        Row("first point (keys are expanded)", Invariant($"{report.FirstPointMs:0} ms"));
        Row("parameters", report.ParameterSet);
        console.Write(table);
        if (report.Picture is not null)
        {
            console.WriteLine($"Picture: {report.Picture}");
            console.WriteLine("  areas: the network's classes; dots: encrypted points in the colour of their decrypted class;");
            console.WriteLine("  a ring: the label says otherwise; a red cross: encrypted and clear disagree.");
        }
    }

    private static string Percent(double? part) => part is { } p ? Invariant($"{p * 100:0.00} %") : "-";
}
