using System.Xml.Linq;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Reports;
using BlindGrain.Cli.Reports.Evaluation;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Tests.Reports;

/// <summary>What a report says of data.</summary>
public class EvaluationTests
{
    [Fact]
    public void Stages_and_histograms_count_what_the_circuit_yields()
    {
        CompiledModel model = SampleModels.Residual();
        (EvaluationReport evaluation, float[][] samples) = Evaluate(model, encrypted: 0);
        var executor = new ClearExecutor(model.Circuit);
        long[][][] runs = [.. samples.Select(s => executor.RunAll(model.Circuit.Input.Quantize(s)))];
        Assert.Equal(["first", "sum", "last"], evaluation.Histograms.Select(h => h.Name));
        foreach (HistogramReport histogram in evaluation.Histograms)
        {
            long[] reached = [.. runs.SelectMany(r => r[histogram.Value])];
            ValueRange[] ranges = model.Circuit.Ranges[histogram.Value];
            Assert.Equal((reached.Min(), reached.Max(), reached.Length, 0), (histogram.Min, histogram.Max, histogram.Total, histogram.Outside));
            Assert.Equal((ranges.Min(r => r.Min), ranges.Max(r => r.Max)), (histogram.RangeMin, histogram.RangeMax));
            for (int bin = 0; bin < histogram.Counts.Count; bin++)
            {
                long from = histogram.RangeMin + (bin * histogram.BinWidth);
                Assert.Equal(reached.Count(v => v >= from && v < from + histogram.BinWidth), histogram.Counts[bin]);
            }
        }

        // The labels are the circuit's own classes, but for one.
        Assert.Equal(["quantized", "noisy"], evaluation.Stages.Select(s => s.Stage));
        StageReport stage = evaluation.Stages[0];
        Assert.Equal(("quantized", samples.Length, samples.Length - 1), (stage.Stage, stage.Samples, stage.Correct));
        Assert.True(stage.Low < stage.Accuracy && stage.Accuracy < stage.High);
        Assert.Equal((samples.Length, samples.Length), (evaluation.Stages[1].SameClass, evaluation.Stages[1].SameIntegers));
        Assert.Contains("--encrypted", evaluation.EncryptedNote, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_modes_have_the_accuracy_that_simulation_gives_them()
    {
        CompiledModel exact = SampleModels.Residual(), approximate = CompiledModel.Create(exact.Circuit, new ExecutionMode.Approximate(0.05));
        (EvaluationReport evaluation, float[][] samples) = Evaluate(approximate, encrypted: 0);
        ModelReport report = ModelReport.Of(approximate, "m.bgc", 1).With(evaluation);

        // The labels are the circuit's own classes but for one, and exact look-ups give them.
        Assert.Equal((samples.Length - 1) / (double)samples.Length, report.Modes[0].Accuracy);
        Assert.Equal(samples.Length, evaluation.OtherMode!.SameIntegers);
        Assert.Equal(evaluation.Stages.Single(s => s.Stage == "noisy").Accuracy, report.Modes[1].Accuracy);
        Assert.True(report.Modes[1].Accuracy < report.Modes[0].Accuracy);
        string[][] rows = Pages.Table(Pages.Parse(Pages.Text(report)), "Exact and approximate mode side by side");
        Assert.Equal(report.Modes.Select(m => Cli.Reports.Html.Figures.Percent(m.Accuracy!.Value, 2)), rows.Select(r => r[7]));

        (evaluation, _) = Evaluate(exact, encrypted: 0);
        report = ModelReport.Of(exact, "m.bgc", 1).With(evaluation);
        Assert.Equal(evaluation.OtherMode!.Accuracy, report.Modes[1].Accuracy);
        Assert.NotNull(report.Modes[0].Accuracy);
    }

    [Fact]
    public void An_encrypted_sample_is_held_against_clear_integers()
    {
        (EvaluationReport evaluation, _) = Evaluate(SampleModels.Residual(), encrypted: 2);
        StageReport stage = evaluation.Stages[^1];
        Assert.Equal(("encrypted", 2, 2, 2), (stage.Stage, stage.Samples, stage.SameClass, stage.SameIntegers));
        Assert.Null(evaluation.EncryptedNote);
    }

    [Fact]
    public void The_page_shows_every_stage_and_a_plot_a_histogram()
    {
        CompiledModel model = SampleModels.Residual();
        (EvaluationReport evaluation, _) = Evaluate(model, encrypted: 0);
        XDocument page = Pages.Parse(Pages.Text(ModelReport.Of(model, "m.bgc", 1) with { Evaluation = evaluation }));
        string[][] rows = Pages.Table(page, "Accuracy by stage");
        Assert.Equal(evaluation.Stages.Select(s => ((long)s.Samples, (long)s.Correct!.Value)), rows.Select(r => (Pages.Number(r[1]), Pages.Number(r[2]))));
        XElement[] plots = [.. page.OfClass("histogram")];
        Assert.Equal(3, plots.Length);
        Assert.Equal(evaluation.Histograms.Select(h => h.Counts.Count(c => c > 0)), plots.Select(p => p.OfClass("column").Count()));
        Assert.Single(page.OfClass("accuracy"));
    }

    [Fact]
    public void Values_outside_their_declared_range_are_counted()
    {
        SparseMatrix identity = SparseMatrix.FromDense(new[,] { { 1, 1, 1 } });
        CircuitInput input = SampleModels.Residual().Circuit.Input;
        var circuit = new FheCircuit("declared", input, [new LinearStep("sum", [new LinearTerm(0, identity)], [0], [new ValueRange(0, 6)])], new CircuitOutput(1, [1], [1], [0]));
        var collector = new HistogramCollector(circuit);
        collector.Add([[3, 3, 3], [9]]);
        collector.Add([[1, 1, 1], [3]]);
        HistogramReport histogram = Assert.Single(collector.Histograms());
        Assert.Equal((true, 1, 2, 3, 9), (histogram.Declared, histogram.Outside, histogram.Total, histogram.Min, histogram.Max));
    }

    [Fact]
    public void The_report_says_what_its_figures_mean()
    {
        ModelReport plain = ModelReport.Of(SampleModels.Residual(), "m.bgc", 1);
        (EvaluationReport good, _) = Evaluate(SampleModels.Residual(), encrypted: 0);
        StageReport[] stages =
        [
            StageReport.Of("float", "floats", 1000, 990, null, null, 1),
            StageReport.Of("quantized", "integers", 1000, 900, null, null, 1),
            StageReport.Of("noisy", "noise", 1000, 895, 950, 900, 1),
        ];
        HistogramReport[] histograms = [new(1, "declared", 0, 63, true, -2, 60, 1, [1], 3, 100), new(3, "roomy", 0, 63, false, 0, 15, 1, [1], 0, 100)];
        string[] warnings = [.. plain.With(good with { Stages = stages, Histograms = histograms }).Warnings];
        Assert.Equal(3, warnings.Length);
        Assert.Contains("3 of 100 accumulators of declared", warnings[0], StringComparison.Ordinal);
        Assert.Contains("Quantization costs accuracy", warnings[1], StringComparison.Ordinal);
        Assert.Contains("roomy", warnings[2], StringComparison.Ordinal);
        XDocument page = Pages.Parse(Pages.Text(plain.With(good with { Stages = stages, Histograms = histograms })));
        Assert.Equal(warnings, page.OfClass("warnings").Descendants(Pages.Html + "li").Select(l => l.Value));
    }

    private static (EvaluationReport Report, float[][] Samples) Evaluate(CompiledModel model, int encrypted)
    {
        var random = new Random(7);
        float[][] samples = [.. Enumerable.Range(0, 40).Select(_ => new[] { random.NextSingle() * 1.6f, random.NextSingle() * 1.6f, random.NextSingle() * 1.6f })];
        var executor = new ClearExecutor(model.Circuit);
        int[] labels = [.. samples.Select(s => Models.Classes.ArgMax(model.Circuit.Output.Dequantize(executor.Run(model.Circuit.Input.Quantize(s)))))];
        labels[3] = 1 - labels[3];
        var request = new EvaluationRequest(model, new LabelledSamples(samples, labels), "random points", null, encrypted);
        return (Evaluator.Run(request, new Terminal(json: true), TestContext.Current.CancellationToken), samples);
    }
}
