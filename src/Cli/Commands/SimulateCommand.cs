using System.CommandLine;
using System.Diagnostics;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Data;
using BlindGrain.Cli.Models;
using BlindGrain.Cli.Reports;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Commands;

/// <summary><c>simulate</c>: the circuit's accuracy on clear integers, or with the noise that encrypted runs would have.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE.bgc") { Description = "The compiled model." };
        var data = new DataOptions();
        data.Data.Required = true;
        var noise = new Option<bool>("--noise") { Description = "Add the noise that the model's parameters give encrypted look-ups." };
        var seed = new Option<ulong>("--seed") { Description = "The seed of --noise; the same seed repeats it.", HelpName = "S", DefaultValueFactory = _ => 1 };
        var count = new Option<int?>("--count") { Description = "Take the first N samples only.", HelpName = "N" };
        var command = new TaughtCommand("simulate", "Measure a compiled model's accuracy without encryption, with or without its noise.", """
            Run the circuit on integers over labelled samples and give its accuracy with a 95 % interval, and the ranges that
            the accumulators reach. Clear integers are what encrypted inference yields in exact mode. With --noise every
            look-up's index errs as the model's parameters make an encrypted one err: what approximate mode yields, without
            its cost; docs/simulation.md says how that was checked.

              blindgrain simulate tfc.bgc --data t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz
              blindgrain simulate tfc.bgc --data t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz --noise --seed 7
              blindgrain simulate checkerboard.bgc --data samples/checkerboard.points.csv --count 100
            """)
        {
            file,
            noise,
            seed,
            count,
        };
        data.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(seed) is { Implicit: false } && result.GetResult(noise) is null)
            {
                result.AddError("--seed goes with --noise: clear integers have no noise to repeat.");
            }

            if (result.GetResult(count)?.Tokens is [{ Value: var text }] && (!int.TryParse(text, out int n) || n < 1))
            {
                result.AddError($"'{text}' is no value of --count: write a number from 1.");
            }
        });
        command.Runs((result, terminal, cancellation) =>
        {
            CompiledModel model = ModelFile.Read(result.GetRequiredValue(file));
            LabelledSamples samples = Samples(result.GetRequiredValue(data.Data), result.GetValue(data.Labels), result.GetValue(data.Scale), result.GetValue(count), model.Circuit);
            SimulationReport report = Simulate(model, samples, result.GetValue(noise) ? result.GetValue(seed) : null, cancellation);
            terminal.Result(report, console => SimulationReportView.Write(console, model.Circuit.Name, report));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static LabelledSamples Samples(string data, string? labels, float? scale, int? count, FheCircuit circuit)
    {
        LabelledSamples samples = SampleFiles.Read(data, labels, scale, circuit.Input.Shape);
        if (samples.Labels is null)
        {
            throw CommandException.BadInput("Accuracy needs labels: give --labels with idx images, or a .csv file whose last column is named 'label'.");
        }

        return count is not { } n ? samples
            : n <= samples.Count ? samples.Take(n)
            : throw CommandException.BadInput($"--count {n} is more than the {samples.Count} samples of {data}.");
    }

    private static SimulationReport Simulate(CompiledModel model, LabelledSamples samples, ulong? seed, CancellationToken cancellation)
    {
        FheCircuit circuit = model.Circuit;
        var inputs = new LabelledInputs([.. samples.Inputs.Select(x => circuit.Input.Quantize(x))], samples.Labels!);
        long start = Stopwatch.GetTimestamp();
        SimulationResult result = seed is { } s
            ? new NoisyExecutor(model).Evaluate(inputs.Inputs, s, cancellation)
            : new ClearExecutor(circuit).Evaluate(inputs.Inputs, cancellation);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        bool[] right = inputs.Right(circuit.Output, result.Outputs);
        int correct = right.Count(r => r);
        double? clearAccuracy = null, sameClass = null;
        if (seed is not null)
        {
            long[][] clear = new ClearExecutor(circuit).RunBatch(inputs.Inputs);
            clearAccuracy = (double)inputs.Right(circuit.Output, clear).Count(r => r) / samples.Count;
            sameClass = (double)clear.Zip(result.Outputs).Count(p => Classification.ClassOf(circuit.Output, p.First) == Classification.ClassOf(circuit.Output, p.Second)) / samples.Count;
        }

        return new SimulationReport(
            samples.Count,
            (double)correct / samples.Count,
            ConfidenceInterval.OfProportion(correct, samples.Count),
            correct,
            clearAccuracy,
            sameClass,
            seed,
            result.Overflows.Sum(),
            SimulatedLayer.Of(model, result),
            seconds,
            samples.Count / seconds);
    }
}
