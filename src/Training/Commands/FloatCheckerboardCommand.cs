using System.CommandLine;
using BlindGrain.Training.Data;
using BlindGrain.Training.Export;
using BlindGrain.Training.Networks;
using BlindGrain.Training.Recipes;
using BlindGrain.Training.Tasks;
using Google.Protobuf;

namespace BlindGrain.Training.Commands;

/// <summary><c>checkerboard-float</c>: a network without quantizers, for <c>blindgrain compile --calibration</c>.</summary>
internal static class FloatCheckerboardCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var defaults = new FloatCheckerboardOptions();
        var output = new Option<FileInfo>("--output", "-o") { Description = "The ONNX file to write.", DefaultValueFactory = _ => new FileInfo("samples/checkerboard-float.onnx") };
        Option<int> hidden = Numbers.Between("--neurons", "The neurons of either hidden layer.", 1, 10_000, defaults.Hidden);
        Option<int> maxNonZero = Numbers.Between("--max-non-zero", "The non-zero weights a neuron keeps on average; 0 prunes nothing.", 0, 10_000, 0);
        Option<int> epochs = Numbers.Between("--epochs", "Passes over the training points.", 2, 100_000, defaults.Epochs);
        Option<ulong> seed = Numbers.Any("--seed", "The seed of data, weights and order.", defaults.Seed);
        var command = new Command("checkerboard-float", "Trains a float classifier of the checkerboard and writes it as plain ONNX.") { output, hidden, maxNonZero, epochs, seed };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new FloatCheckerboardOptions
            {
                Hidden = parsed.GetValue(hidden),
                NonZero = parsed.GetValue(maxNonZero) is > 0 and var kept ? kept : null,
                Epochs = parsed.GetValue(epochs),
                Seed = parsed.GetValue(seed),
            };
            return Task.FromResult(Run(options, parsed.GetValue(output)!.ToString(), cancellation));
        });
        return command;
    }

    private static int Run(FloatCheckerboardOptions options, string output, CancellationToken cancellation)
    {
        try
        {
            (Dataset train, Dataset test) = Checkerboard.Generate(options.Seed);
            using QuantSequential network = TrainingProgress.Show(
                options.Epochs * FloatCheckerboardRecipe.Starts(options.Hidden), report => FloatCheckerboardRecipe.Train(options, train, report, cancellation));
            WholeFile.Write(output, QonnxExporter.Export(network, "checkerboard-float", "points", "logits").ToByteArray());
            Console.WriteLine($"{network.Accuracy(test):P2} of the test points in floats; the best possible classifier gets {CheckerboardCeiling.Accuracy(test):P2}. Wrote {output}.");
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
}
