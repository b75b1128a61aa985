using System.CommandLine;
using System.Diagnostics;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Data;
using BlindGrain.Cli.Models;
using BlindGrain.Cli.Reports;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using Spectre.Console;

namespace BlindGrain.Cli.Commands;

/// <summary><c>simulate</c>: the circuit's accuracy on clear integers.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE.bgc") { Description = "The compiled model." };
        var data = new DataOptions();
        data.Data.Required = true;
        var command = new TaughtCommand("simulate", "Measure a compiled model's accuracy on clear integers.", """
            Run the circuit on clear integers over labelled samples and give its accuracy: what encrypted inference in
            exact mode yields, without the cost.

              blindgrain simulate tfc.bgc --data t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz
              blindgrain simulate checkerboard.bgc --data samples/checkerboard.points.csv
            """)
        {
            file,
        };
        data.AddTo(command);
        command.Runs((result, terminal, cancellation) =>
        {
            FheCircuit circuit = ModelFile.Read(result.GetRequiredValue(file)).Circuit;
            LabelledSamples samples = SampleFiles.Read(result.GetRequiredValue(data.Data), result.GetValue(data.Labels), result.GetValue(data.Scale), circuit.Input.Shape);
            if (samples.Labels is not { } labels)
            {
                throw CommandException.BadInput("Accuracy needs labels: give --labels with idx images, or a .csv file whose last column is named 'label'.");
            }

            long start = Stopwatch.GetTimestamp();
            var executor = new ClearExecutor(circuit);
            var observed = new ObservedRanges(circuit);
            int correct = samples.Inputs.Zip(labels).AsParallel().WithCancellation(cancellation).Count(sample =>
            {
                long[][] values = executor.RunAll(circuit.Input.Quantize(sample.First));
                observed.Add(values);
                return Classes.ArgMax(circuit.Output.Dequantize(values[circuit.Output.Value])) == sample.Second;
            });
            var report = new SimulationReport(samples.Count, (double)correct / samples.Count, correct, observed.Layers(), Stopwatch.GetElapsedTime(start).TotalSeconds);
            terminal.Result(report, console => View(console, circuit.Name, report));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static void View(IAnsiConsole console, string name, SimulationReport report)
    {
        console.WriteLine(ModelReportView.Invariant(
            $"{name}: {report.Correct} of {report.Samples} right, accuracy {report.Accuracy * 100:0.00} % (clear integers, {report.Seconds:0.0} s)"));
        foreach (ObservedLayer layer in report.Layers)
        {
            console.WriteLine(ModelReportView.Invariant(
                $"  {layer.Name}: accumulators in [{layer.AccumulatorMin}, {layer.AccumulatorMax}] on these samples, worst case [{layer.WorstMin}, {layer.WorstMax}]"));
        }
    }

    private sealed record SimulationReport(int Samples, double Accuracy, int Correct, IReadOnlyList<ObservedLayer> Layers, double Seconds);
}
