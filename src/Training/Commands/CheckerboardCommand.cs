using System.CommandLine;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Recipes;

namespace BlindGrain.Training.Commands;

/// <summary><c>checkerboard</c>: options in, the recipe's report out.</summary>
internal static class CheckerboardCommand
{
    private static readonly TrainingOptions Defaults = new();
    private static readonly CheckerboardOptions RecipeDefaults = new() { Output = string.Empty, Points = string.Empty };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var output = new Option<FileInfo>("--output", "-o") { Description = "The ONNX file to write.", DefaultValueFactory = _ => new FileInfo("samples/checkerboard.onnx") };
        var points = new Option<FileInfo?>("--points") { Description = "The CSV file of the 500 test points; beside the ONNX file, ending in .points.csv, if not given." };
        var seed = Number("--seed", "The seed of the initial weights and of the order of the points.", RecipeDefaults.Seed);
        var dataSeed = Number("--data-seed", "The seed of the data.", RecipeDefaults.DataSeed);
        var hidden = new Option<int[]>("--hidden") { Description = "The neurons of each hidden layer.", DefaultValueFactory = _ => RecipeDefaults.Hidden, AllowMultipleArgumentsPerToken = true };
        var weightScale = Positive("--weight-scale", "The step between two weights.", RecipeDefaults.WeightScale);
        var epochs = Positive("--epochs", "Passes over the training points.", Defaults.Epochs);
        var floatShare = Number("--float-share", "The share of the epochs that learn in float before pruning and quantization: 0 or more, below 1.", Defaults.FloatShare);
        var batch = Positive("--batch", "Points a step.", Defaults.BatchSize);
        var learningRate = Positive("--learning-rate", "AdamW's learning rate at the start.", Defaults.LearningRate);
        var maxNonZero = Number("--max-non-zero", "The most non-zero weights a neuron keeps; 0 prunes nothing.", Defaults.MaxNonZero ?? 0);
        var targetWidth = Number("--target-width", "The accumulator width that training pulls neurons under; 0 for no pull.", Defaults.TargetWidth ?? 0);
        var json = new Option<bool>("--json") { Description = "Print one JSON object of the results and nothing else." };
        NotNegative(maxNonZero);
        NotNegative(targetWidth);
        floatShare.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<double>() is not (>= 0 and < 1))
            {
                r.AddError("--float-share takes a number from 0 to below 1.");
            }
        });
        hidden.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int[]>() is not { Length: > 0 } widths || widths.Any(w => w < 1))
            {
                r.AddError("--hidden takes one or more positive numbers.");
            }
        });

        var command = new Command("checkerboard", "Trains the 3-bit checkerboard classifier and writes it as QONNX, with its test points.")
        {
            output, points, seed, dataSeed, hidden, weightScale, epochs, floatShare, batch, learningRate, maxNonZero, targetWidth, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            FileInfo file = parsed.GetValue(output)!;
            var options = new CheckerboardOptions
            {
                Output = file.ToString(),
                Points = parsed.GetValue(points)?.ToString() ?? Path.ChangeExtension(file.ToString(), ".points.csv"),
                Seed = parsed.GetValue(seed),
                DataSeed = parsed.GetValue(dataSeed),
                Hidden = parsed.GetValue(hidden)!,
                WeightScale = parsed.GetValue(weightScale),
                Training = new TrainingOptions
                {
                    Epochs = parsed.GetValue(epochs),
                    FloatShare = parsed.GetValue(floatShare),
                    BatchSize = parsed.GetValue(batch),
                    LearningRate = parsed.GetValue(learningRate),
                    MaxNonZero = OrNull(parsed.GetValue(maxNonZero)),
                    TargetWidth = OrNull(parsed.GetValue(targetWidth)),
                    PenaltyWeight = Defaults.PenaltyWeight,
                },
            };
            return Task.FromResult(CheckerboardOutput.Run(options, parsed.GetValue(json), cancellation));
        });
        return command;
    }

    private static int? OrNull(int value) => value == 0 ? null : value;

    private static Option<T> Number<T>(string name, string description, T standard)
        where T : struct => new(name) { Description = description, DefaultValueFactory = _ => standard };

    private static Option<T> Positive<T>(string name, string description, T standard)
        where T : struct, System.Numerics.INumber<T>
    {
        Option<T> option = Number(name, description, standard);
        option.Validators.Add(r =>
        {
            if (!(r.GetValueOrDefault<T>() > T.Zero))
            {
                r.AddError($"{name} takes a number above 0.");
            }
        });
        return option;
    }

    private static void NotNegative(Option<int> option) => option.Validators.Add(r =>
    {
        if (r.GetValueOrDefault<int>() < 0)
        {
            r.AddError($"{option.Name} takes 0 or more.");
        }
    });
}
