using System.Globalization;
using BlindGrain.Cli.Reports.Evaluation;
using BlindGrain.Compiler.Quantization;
using Spectre.Console;

namespace BlindGrain.Cli.Reports;

/// <summary>A model's report as tables.</summary>
internal static class ModelReportView
{
    /// <summary>Writes the report.</summary>
    public static void Write(IAnsiConsole console, ModelReport report)
    {
        console.WriteLine($"{report.Name}: {Shape(report.InputShape)} in [{report.InputRange[0]}, {report.InputRange[1]}] -> {Shape(report.OutputShape)}, {Mode(report)}");
        console.Write(Layers(report));
        console.Write(Figures(report));
        if (report.Search is { } search)
        {
            SearchReportView.Write(console, search);
        }

        foreach (string warning in report.Warnings)
        {
            console.WriteLine($"Warning: {warning}");
        }
    }

    /// <summary>Bytes for people: "12.3 MB" (powers of ten).</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => Invariant($"{bytes} B"),
        < 1_000_000 => Invariant($"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => Invariant($"{bytes / 1e6:0.0} MB"),
        _ => Invariant($"{bytes / 1e9:0.00} GB"),
    };

    /// <summary>A culture-free string.</summary>
    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Table Layers(ModelReport report)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in new[] { "layer", "accumulator", "values", "bits", "outputs", "weights", "tables", "bootstraps", "modelled error" })
        {
            _ = table.AddColumn(column, c => c.Alignment = column == "layer" ? Justify.Left : Justify.Right);
        }

        foreach (LayerReport layer in report.Layers)
        {
            _ = table.AddRow(
                Markup.Escape(layer.Name),
                Markup.Escape(Invariant($"[{layer.AccumulatorMin}, {layer.AccumulatorMax}]")),
                Invariant($"{layer.Width}"),
                Invariant($"{layer.Bits}"),
                Invariant($"{layer.Accumulators}"),
                Invariant($"{layer.NonZeroWeights}"),
                Invariant($"{layer.Tables}"),
                Invariant($"{layer.Bootstraps}"),
                Error(report, layer));
        }

        return table;
    }

    private static Table Figures(ModelReport report)
    {
        Table table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn("");
        void Row(string name, FormattableString value) => table.AddRow(name, Markup.Escape(Invariant(value)));
        Row("bootstraps", $"{report.Bootstraps} an inference, widest accumulator {report.MaxBits} bits");
        Row("ranges", $"{report.Ranges}");
        if (report.Quantization is { } points)
        {
            Row("quantized here", $"{points.Count(p => p.IsWeight)} weights in {Bits(points.Where(p => p.IsWeight))} bits, {points.Count(p => !p.IsWeight)} other tensors in {Bits(points.Where(p => !p.IsWeight))} bits");
        }

        foreach (StageReport stage in report.Evaluation?.Stages ?? [])
        {
            Row($"on data, {stage.Stage}", $"{Stage(stage)}");
        }

        foreach (ParameterSetReport p in report.Parameters.Sets)
        {
            Row("parameters", $"{p.Id}: n={p.SmallDimension} k={p.GlweDimension} N={p.PolynomialSize}, PBS 2^{p.BootstrapBaseLog} x {p.BootstrapLevels}, KS 2^{p.KeyswitchBaseLog} x {p.KeyswitchLevels}, {p.CostPerBootstrap:0.0} million operations a bootstrap");
            if (report.Parameters.OneSet is not null)
            {
                Row("", $"{p.Rotations} bootstraps, {p.Milliseconds:0} ms, keys {Bytes(p.KeyBytes)}, {Bytes(p.ExpandedKeyBytes)} in memory");
            }
        }

        if (report.Parameters.OneSet is { } one)
        {
            Row("with one set", $"{one.Id}: {one.Milliseconds:0} ms, keys {Bytes(one.KeyBytes)}, {Bytes(one.ExpandedKeyBytes)} in memory");
        }

        Row("modelled cost", $"{report.Cost:0} million operations an inference");
        Row("modelled time", $"{report.Milliseconds:0} ms an inference on one core of the reference machine");
        Row("evaluation keys", $"{Bytes(report.KeyBytes)} to upload once, {Bytes(report.ExpandedKeyBytes)} in a worker's memory");
        Row("one inference", $"{Bytes(report.InputBytes)} up, {Bytes(report.OutputBytes)} down");
        Row("file", $"{report.File}, {Bytes(report.FileBytes)}");
        return table;
    }

    private static string Stage(StageReport stage)
    {
        string accuracy = stage.Accuracy is { } a ? Invariant($"{a * 100:0.00} % of {stage.Samples} right ({stage.Low * 100:0.00} to {stage.High * 100:0.00})") : Invariant($"{stage.Samples} samples");
        return stage.SameClass is { } same ? Invariant($"{accuracy}, {same} with the class of clear integers, {stage.SameIntegers} with every integer") : accuracy;
    }

    private static string Bits(IEnumerable<QuantizationPoint> points) => string.Join(", ", points.Select(p => p.Bits).Distinct().Order());

    private static string Error(ModelReport report, LayerReport layer) => layer switch
    {
        { Bootstraps: 0 } => "-",
        { Log2PError: { } log2 } when report.Mode == "exact" => Invariant($"2^{log2:0.0}"),
        { Sigma: { } sigma } => Invariant($"sigma {sigma * 100:0.00} %"),
        _ => "-",
    };

    private static string Mode(ModelReport report) => report.Log2PError is { } log2
        ? Invariant($"exact, p_error 2^{log2:0.##}")
        : Invariant($"approximate, sigma {report.Sigma * 100:0.###} % of the range");

    private static string Shape(int[] shape) => string.Join("x", shape);
}
