using BlindGrain.Compiler;
using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using BlindGrain.Training.Data;
using BlindGrain.Training.Export;
using BlindGrain.Training.Learning;
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

    /// <summary>Networks of fewer neurons than this are trained from several starts.</summary>
    private const int SmallBelow = 20, StartsOfSmall = 4;

    /// <summary>The training points that the settings of the quantizer are chosen by.</summary>
    private const int Chosen = 2000;

    /// <summary>Trains one network, quantizes it by the compiler, and evaluates both on the test points.</summary>
    /// <param name="settings">Hidden neurons, mean non-zero weights, seed, epochs, calibration samples.</param>
    /// <param name="cancellation">Stops between epochs.</param>
    public static TrainedModel Run(RowSettings settings, CancellationToken cancellation)
    {
        (Dataset train, Dataset test) = Checkerboard.Generate(settings.Seed);
        var random = new SeededRandom(settings.Seed);
        using QuantSequential network = Train(settings, train, random, cancellation);
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
        return new TrainedModel(result, circuit, ReportRows.WithCalibratedRanges(circuit, samples), test) { TrainedGrid = network.Classify(DecisionRegions.Grid()) };
    }

    /// <summary>The network of least training loss out of some that start anew: small networks get stuck, large ones do not.</summary>
    private static QuantSequential Train(RowSettings settings, Dataset train, SeededRandom random, CancellationToken cancellation)
    {
        var options = new TrainingOptions
        {
            Epochs = settings.Epochs,
            FloatShare = 0.5,
            Quantize = false,
            LearningRate = 0.01,
            MaxNonZero = settings.NonZero,
            CapEveryNeuron = false,
            TargetWidth = null,
        };
        QuantSequential? best = null;
        double least = double.PositiveInfinity;
        for (int start = 0; start < (settings.Hidden < SmallBelow ? StartsOfSmall : 1); start++)
        {
            double loss = double.PositiveInfinity;
            QuantSequential network = FloatMlp.Create([2, settings.Hidden, settings.Hidden, 2], random);
            QatTrainer.Train(network, train, options, random, e => loss = Math.Min(loss, e.Loss), cancellation);
            if (best is null || loss < least)
            {
                best?.Dispose();
                (best, least) = (network, loss);
            }
            else
            {
                network.Dispose();
            }
        }

        return best!;
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
