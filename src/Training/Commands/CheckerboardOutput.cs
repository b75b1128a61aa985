using System.Text.Json;
using BlindGrain.Training.Networks;
using BlindGrain.Training.Recipes;
using Spectre.Console;

namespace BlindGrain.Training.Commands;

/// <summary>Runs the checkerboard recipe and shows it: a progress bar and tables, or one JSON object.</summary>
internal static class CheckerboardOutput
{
    /// <summary>The exit code: 0, or 1 with the reason on standard error.</summary>
    public static int Run(CheckerboardOptions options, bool json, CancellationToken cancellation)
    {
        try
        {
            if (json)
            {
                CheckerboardReport report = CheckerboardRecipe.Run(options, null, cancellation);
                Console.WriteLine(JsonSerializer.Serialize(report, ReproduceCommand.Json));
            }
            else
            {
                Show(TrainingProgress.Show(options.Training.Epochs, epoch => CheckerboardRecipe.Run(options, epoch, cancellation)));
            }

            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
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

    private static void Show(CheckerboardReport report)
    {
        var layers = new Table().Title("Worst-case accumulators").AddColumns("layer", "neurons", "non-zero", "most a neuron", "accumulator", "most values", "nu2");
        foreach (LayerRange l in report.Layers)
        {
            layers.AddRow(l.Name, $"{l.Neurons}", $"{l.NonZero}", $"{l.MaxNonZero}", Markup.Escape(l.Accumulator.ToString()), $"{l.MaxWidth}", $"{l.MaxSquaredNorm}");
        }

        AnsiConsole.Write(layers);
        var accuracy = new Table().Title("Accuracy").AddColumns("what", "accuracy");
        accuracy.AddRow("training points, quantized network", $"{report.TrainAccuracy:P2}");
        accuracy.AddRow("test points, quantized network", $"{report.TestAccuracy:P2}");
        accuracy.AddRow("test points, compiled integer circuit", $"{report.CircuitAccuracy:P2}");
        accuracy.AddRow("test points, the rule behind the labels", $"{report.RuleAccuracy:P2}");
        AnsiConsole.Write(accuracy);
        Console.WriteLine($"{report.Bootstraps} bootstraps, at most {report.MaxBits} bits. Wrote {report.Model} and {report.Points}.");
    }
}
