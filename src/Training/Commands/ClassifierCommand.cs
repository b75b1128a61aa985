using System.CommandLine;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Recipes;

namespace BlindGrain.Training.Commands;

/// <summary><c>iris</c>, <c>digits</c>, <c>mnist</c>: options in, a network and its figures out.</summary>
internal static class ClassifierCommand
{
    /// <summary>A command for one recipe.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it trains.</param>
    /// <param name="defaults">The recipe's choices.</param>
    /// <param name="recipe">The recipe.</param>
    public static Command Create(
        string name, string description, ClassifierOptions defaults, Func<ClassifierOptions, Action<EpochMetrics>?, CancellationToken, ClassifierResult> recipe)
    {
        var output = new Option<FileInfo>("--output", "-o") { Description = "The ONNX file to write; the figures go beside it, ending in .metrics.json.", DefaultValueFactory = _ => new FileInfo($"samples/{name}.onnx") };
        Option<ulong> seed = Numbers.Any("--seed", "The seed of weights, order, changes of images and, for Iris, of the split.", defaults.Seed);
        Option<int[]> hidden = Numbers.Widths("--neurons", "Neurons, or output channels, of each hidden layer.", defaults.Hidden);
        Option<int> inputBits = Numbers.Between("--input-bits", "Bits of the input.", 1, 8, defaults.InputBits);
        Option<int> weightBits = Numbers.Between("--weight-bits", "Bits of weights.", 2, 8, defaults.WeightBits);
        Option<int> activationBits = Numbers.Between("--activation-bits", "Bits between layers.", 1, 8, defaults.ActivationBits);
        Option<int> maxNonZero = Numbers.Between("--max-non-zero", "The most non-zero weights a neuron keeps; 0 prunes nothing.", 0, 1 << 20, defaults.Training.MaxNonZero ?? 0);
        Option<int> accumulatorBits = Numbers.Between("--accumulator-bits", "Keep worst-case accumulators within this width while training; 0 for no bound.", 0, 16, defaults.Training.AccumulatorBits ?? 0);
        Option<double> noise = Numbers.Between("--noise", "Standard deviation of noise at look-ups while training, as a share of their range.", 0, 0.5, defaults.Noise);
        Option<double> sigma = Numbers.Between("--sigma", "The noise of approximate mode to simulate the network at, as a share of the range; 0 for none.", 0, 0.05, defaults.Sigma);
        Option<int> epochs = Numbers.Between("--epochs", "Passes over the training samples.", 2, 100_000, defaults.Training.Epochs);
        Option<double> floatShare = Numbers.Between("--float-share", "The share of the epochs that learn in float before pruning and quantization.", 0, 0.999, defaults.Training.FloatShare);
        Option<int> batch = Numbers.Between("--batch", "Samples a step.", 2, 10_000, defaults.Training.BatchSize);
        Option<double> learningRate = Numbers.Between("--learning-rate", "AdamW's learning rate at the start.", 1e-6, 1, defaults.Training.LearningRate);
        Option<double> weightDecay = Numbers.Between("--weight-decay", "AdamW's weight decay.", 0, 10, defaults.Training.WeightDecay);
        var json = new Option<bool>("--json") { Description = "Print one JSON object of the results and nothing else." };
        var command = new Command(name, description)
        {
            output, seed, hidden, inputBits, weightBits, activationBits, maxNonZero, accumulatorBits, noise, sigma, epochs, floatShare, batch, learningRate, weightDecay, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new ClassifierOptions
            {
                Seed = parsed.GetValue(seed),
                Hidden = parsed.GetValue(hidden)!,
                InputBits = parsed.GetValue(inputBits),
                WeightBits = parsed.GetValue(weightBits),
                ActivationBits = parsed.GetValue(activationBits),
                Noise = parsed.GetValue(noise),
                Sigma = parsed.GetValue(sigma),
                Training = defaults.Training with
                {
                    Epochs = parsed.GetValue(epochs),
                    FloatShare = parsed.GetValue(floatShare),
                    BatchSize = parsed.GetValue(batch),
                    LearningRate = parsed.GetValue(learningRate),
                    WeightDecay = parsed.GetValue(weightDecay),
                    MaxNonZero = parsed.GetValue(maxNonZero) is > 0 and var kept ? kept : null,
                    AccumulatorBits = parsed.GetValue(accumulatorBits) is > 0 and var bits ? bits : null,
                },
            };
            return Task.FromResult(ClassifierOutput.Run(name, parsed.GetValue(output)!.ToString(), options, recipe, parsed.GetValue(json), cancellation));
        });
        return command;
    }
}
