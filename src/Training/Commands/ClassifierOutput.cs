using System.Text.Json;
using BlindGrain.Training.Export;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Recipes;
using Spectre.Console;

namespace BlindGrain.Training.Commands;

/// <summary>Runs a recipe and shows it: a progress bar and a table, or one JSON object; writes the network and its figures.</summary>
internal static class ClassifierOutput
{
    /// <summary>The exit code: 0, or 1 with the reason on standard error.</summary>
    public static int Run(
        string name,
        string output,
        ClassifierOptions options,
        Func<ClassifierOptions, Action<EpochMetrics>?, CancellationToken, ClassifierResult> recipe,
        bool json,
        CancellationToken cancellation)
    {
        try
        {
            ClassifierResult result = json
                ? recipe(options, null, cancellation)
                : TrainingProgress.Show(options.Training.Epochs, report => recipe(options, report, cancellation));
            var figures = new ClassifierFigures(
                name,
                options,
                result.Test.Count,
                result.Trained,
                result.Integers,
                result.EqualClasses,
                result.Simulated,
                result.Circuit.Bootstraps,
                result.Circuit.MaxBits,
                result.Calibrated.MaxBits,
                result.Overflow);
            byte[] text = JsonSerializer.SerializeToUtf8Bytes(figures, ReproduceCommand.Json);
            WholeFile.Write(output, result.Onnx);
            WholeFile.Write(Path.ChangeExtension(output, ".metrics.json"), [.. text, (byte)'\n']);
            if (json)
            {
                Console.WriteLine(System.Text.Encoding.UTF8.GetString(text));
            }
            else
            {
                Show(figures, output);
            }

            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            Console.Error.WriteLine($"blindgrain-train: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("blindgrain-train: stopped; nothing was written.");
            return 1;
        }
    }

    private static void Show(ClassifierFigures figures, string output)
    {
        Table table = new Table().AddColumns("what", "figure");
        table.AddRow("test samples", $"{figures.TestSamples}");
        table.AddRow("accuracy, trained network", $"{figures.TrainedAccuracy:P2}");
        table.AddRow("accuracy, integer circuit", $"{figures.IntegerAccuracy:P2}");
        table.AddRow("samples of equal class", $"{figures.EqualClasses}");
        if (figures.SimulatedAccuracy is { } simulated)
        {
            table.AddRow($"accuracy with noise, sigma {figures.Options.Sigma:P2} of the range", $"{simulated:P2}");
        }

        table.AddRow("bootstraps", $"{figures.Bootstraps}");
        table.AddRow("widest value, worst case", $"{figures.WorstCaseBits} bits");
        table.AddRow("widest value, calibrated", $"{figures.CalibratedBits} bits");
        AnsiConsole.Write(table);
        Console.WriteLine($"Wrote {output} and {Path.ChangeExtension(output, ".metrics.json")}.");
    }
}
