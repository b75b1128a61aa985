using BlindGrain.Compiler;
using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Data;
using BlindGrain.Training.Export;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Networks;
using BlindGrain.Training.Pruning;
using BlindGrain.Training.Tasks;
using Google.Protobuf;

namespace BlindGrain.Training.Recipes;

/// <summary>
/// Trains the checkerboard network, compiles its QONNX bytes back, and writes them beside its test points. Nothing is written where
/// the worst-case accumulators exceed <see cref="MaxAccumulatorBits"/> or the compiled circuit gives another class on any test point.
/// </summary>
internal static class CheckerboardRecipe
{
    /// <summary>The widest accumulator that the sample may have.</summary>
    public const int MaxAccumulatorBits = 6;

    private const int Classes = 2;

    /// <summary>
    /// The input's quantizer: two unsigned bits in steps of 1/3. The reference's three signed bits have the same levels where
    /// coordinates are; but worst-case ranges would count the negative ones, which no point of the unit square reaches.
    /// </summary>
    public static UniformQuantizer InputQuantizer { get; } = new(1f / 3, 0, bits: 2, signed: false, narrow: false);

    /// <summary>The activations' quantizer: three signed bits, narrow, in steps of 1/3, as the reference has it.</summary>
    public static UniformQuantizer ActivationQuantizer { get; } = new(1f / 3, 0, bits: 3, signed: true, narrow: true);

    /// <summary>The weights' quantizer: three signed bits, narrow, in steps of <paramref name="scale"/>.</summary>
    public static UniformQuantizer WeightQuantizer(float scale) => new(scale, 0, bits: 3, signed: true, narrow: true);

    /// <summary>Trains one network on the data of <see cref="CheckerboardOptions.DataSeed"/>.</summary>
    public static QuantMlp Train(CheckerboardOptions options, Dataset points, Action<EpochMetrics>? report, CancellationToken cancellation)
    {
        var random = new SeededRandom(options.Seed);
        var network = new QuantMlp(
            new QuantMlpOptions
            {
                Features = [2, .. options.Hidden, Classes],
                Input = InputQuantizer,
                Weight = WeightQuantizer(options.WeightScale),
                Activation = ActivationQuantizer,
            },
            random);
        QatTrainer.Train(network, points, options.Training, random, report, cancellation);
        return network;
    }

    /// <summary>The whole recipe.</summary>
    /// <exception cref="InvalidOperationException">An accumulator is too wide, or the compiled file disagrees with the trained network.</exception>
    public static CheckerboardReport Run(CheckerboardOptions options, Action<EpochMetrics>? report, CancellationToken cancellation)
    {
        (Dataset train, Dataset test) = Checkerboard.Generate(options.DataSeed);
        using QuantMlp trained = Train(options, train, report, cancellation);
        using QuantMlp network = IdleNeurons.Remove(trained);
        IReadOnlyList<LayerRange> layers = WorstCase.Of(network);
        LayerRange widest = layers.MaxBy(l => l.MaxWidth)!;
        if (widest.MaxWidth > 1 << MaxAccumulatorBits)
        {
            throw new InvalidOperationException(
                $"The accumulators of {widest.Name} take {widest.MaxWidth} values, more than {MaxAccumulatorBits} bits hold; nothing was written. Try another --seed, a smaller --target-width or --max-non-zero.");
        }

        byte[] onnx = QonnxExporter.Export(network, "checkerboard", "points", "logits").ToByteArray();
        CompiledCheck circuit = CompiledCheck.Run(ModelCompiler.Compile(onnx, "checkerboard"), test, network.Classify(test));
        WholeFile.Write(options.Output, onnx);
        WholeFile.Write(options.Points, PointsCsv.Format(test));
        return new CheckerboardReport(
            options.Output,
            options.Points,
            options.Seed,
            options.DataSeed,
            options.Training.Epochs,
            network.Accuracy(train),
            network.Accuracy(test),
            circuit.Accuracy,
            Checkerboard.RuleAccuracy(test),
            circuit.Bootstraps,
            circuit.MaxBits,
            layers);
    }
}
