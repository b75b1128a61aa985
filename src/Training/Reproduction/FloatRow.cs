using BlindGrain.Compiler;
using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using BlindGrain.Training.Data;
using BlindGrain.Training.Export;
using BlindGrain.Training.Networks;
using BlindGrain.Training.Recipes;
using BlindGrain.Training.Tasks;
using Google.Protobuf;

namespace BlindGrain.Training.Reproduction;

/// <summary>A float network of the checkerboard, pruned or not, and what 3 bits leave of it after post-training quantization.</summary>
internal static class FloatRow
{
    /// <summary>The bits of weights, inputs and activations.</summary>
    public const int Bits = 3;

    /// <summary>The training points that the settings of the quantizer are chosen by.</summary>
    private const int Chosen = 2000;

    /// <summary>Trains one network, quantizes it by the compiler, and evaluates both on the test points.</summary>
    /// <param name="settings">Hidden neurons, mean non-zero weights, seed, epochs, calibration samples.</param>
    /// <param name="cancellation">Stops between epochs.</param>
    public static TrainedModel Run(RowSettings settings, CancellationToken cancellation)
    {
        (Dataset train, Dataset test) = Checkerboard.Generate(settings.Seed);
        var options = new FloatCheckerboardOptions { Hidden = settings.Hidden, NonZero = settings.NonZero, Epochs = settings.Epochs, Seed = settings.Seed };
        using QuantSequential network = FloatCheckerboardRecipe.Train(options, train, null, cancellation);
        byte[] onnx = QonnxExporter.Export(network, "checkerboard-float", "points", "logits").ToByteArray();
        float[][] samples = train.Take(settings.Calibration).Samples();
        FheCircuit circuit = Quantize(onnx, samples, train.Take(Chosen));
        FheCircuit observed = ReportRows.WithCalibratedRanges(circuit, samples, 0);
        var result = new SeedResult(
            settings.Seed,
            network.Accuracy(test),
            ClearClasses.Accuracy(ClearClasses.Of(circuit, test), test),
            observed.MaxBits,
            circuit.MaxBits,
            circuit.Bootstraps)
        {
            Ceiling = CheckerboardCeiling.Accuracy(test),
        };
        return new TrainedModel(result, circuit, ReportRows.WithCalibratedRanges(circuit, samples), test) { TrainedGrid = network.Classify(DecisionRegions.Grid()), TrainedName = "as trained, in floats" };
    }

    /// <summary>Quantizes by each of some settings, and keeps the circuit that gets most of the training points right.</summary>
    private static FheCircuit Quantize(byte[] onnx, float[][] calibration, Dataset chosen)
    {
        PostTrainingOptions bits = PostTrainingOptions.Uniform(Bits);
        PostTrainingOptions[] settings = [bits with { MatchClasses = true }, bits with { MatchClasses = true, Method = CalibrationMethod.MinMax }, bits, bits with { Method = CalibrationMethod.MinMax }];
        return settings
            .Select(s => ModelCompiler.Compile(PostTrainingQuantizer.Quantize(onnx, calibration, s).Onnx, "checkerboard"))
            .MaxBy(circuit => ClearClasses.Accuracy(ClearClasses.Of(circuit, chosen), chosen))!;
    }
}
