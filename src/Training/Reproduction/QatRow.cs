using BlindGrain.Compiler;
using BlindGrain.Engine.Circuits;
using BlindGrain.Training.Data;
using BlindGrain.Training.Export;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Networks;
using BlindGrain.Training.Pruning;
using BlindGrain.Training.Recipes;
using BlindGrain.Training.Tasks;
using Google.Protobuf;

namespace BlindGrain.Training.Reproduction;

/// <summary>The checkerboard network that is quantized while it learns: 3 bits, 100 and 100 neurons, 30 non-zero weights a neuron, accumulators kept within 7 bits.</summary>
internal static class QatRow
{
    /// <summary>The width that no accumulator may pass, in bits.</summary>
    public const int AccumulatorBits = 7;

    /// <summary>Trains one network, and compiles its file.</summary>
    /// <param name="settings">Hidden neurons, non-zero weights, seed, epochs, calibration samples.</param>
    /// <param name="cancellation">Stops between epochs.</param>
    /// <exception cref="InvalidOperationException">The compiled file gives a test point another class than the trained network.</exception>
    public static TrainedModel Run(RowSettings settings, CancellationToken cancellation)
    {
        (Dataset train, Dataset test) = Checkerboard.Generate(settings.Seed);
        var random = new SeededRandom(settings.Seed);
        using var trained = new QuantMlp(
            new QuantMlpOptions
            {
                Features = [2, settings.Hidden, settings.Hidden, 2],
                Input = CheckerboardRecipe.InputQuantizer,
                Weight = CheckerboardRecipe.WeightQuantizer(0.5f),
                Activation = CheckerboardRecipe.ActivationQuantizer,
            },
            random);
        var options = new TrainingOptions
        {
            Epochs = settings.Epochs,
            MaxNonZero = settings.NonZero,
            TargetWidth = 1 << AccumulatorBits,
            AccumulatorBits = AccumulatorBits,
        };
        QatTrainer.Train(trained, train, options, random, null, cancellation);
        using QuantMlp network = IdleNeurons.Remove(trained);
        byte[] onnx = QonnxExporter.Export(network, "checkerboard", "points", "logits").ToByteArray();
        FheCircuit circuit = ModelCompiler.Compile(onnx, "checkerboard");
        CompiledCheck check = CompiledCheck.Run(circuit, test, trained.Classify(test));
        float[][] samples = train.Take(settings.Calibration).Samples();
        FheCircuit observed = ReportRows.WithCalibratedRanges(circuit, samples, 0);
        var result = new SeedResult(
            settings.Seed,
            trained.Accuracy(test),
            check.Accuracy,
            observed.MaxBits,
            circuit.MaxBits,
            circuit.Bootstraps)
        {
            Ceiling = CheckerboardCeiling.Accuracy(test),
        };
        return new TrainedModel(result, circuit, ReportRows.WithCalibratedRanges(circuit, samples), test) { TrainedGrid = trained.Classify(DecisionRegions.Grid()) };
    }
}
