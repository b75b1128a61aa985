using BlindGrain.Compiler;
using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Training.Data;
using BlindGrain.Training.Export;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Networks;
using Google.Protobuf;

namespace BlindGrain.Training.Recipes;

/// <summary>Trains a network on a data set, compiles its QONNX bytes back, and evaluates both on the test samples.</summary>
internal static class ClassifierRecipe
{
    /// <summary>Training samples that calibrate ranges, and their margin.</summary>
    private const int Calibration = 1000;
    private const double Margin = 0.1;

    /// <summary>Trains and compiles.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="network">The network, fresh; it is trained in place.</param>
    /// <param name="train">Training samples.</param>
    /// <param name="test">Test samples.</param>
    /// <param name="augmentation">How training images change from epoch to epoch; null for not at all.</param>
    /// <param name="options">The recipe's choices.</param>
    /// <param name="random">Where the initial weights came from.</param>
    /// <param name="report">Called after every epoch.</param>
    /// <param name="cancellation">Stops between epochs.</param>
    public static ClassifierResult Run(
        string name, QuantSequential network, Dataset train, Dataset test, Augmentation? augmentation, ClassifierOptions options, SeededRandom random, Action<EpochMetrics>? report, CancellationToken cancellation)
    {
        Func<Dataset>? changed = augmentation is null ? null : () => augmentation.Apply(train, random);
        QatTrainer.Train(network, train, changed, options.Training, random, report, cancellation);
        byte[] onnx = QonnxExporter.Export(network, name, "input", "logits").ToByteArray();
        FheCircuit circuit = ModelCompiler.Compile(onnx, name);
        CalibratedCircuit calibrated = RangeCalibrator.Calibrate(circuit, [.. train.Take(Calibration).Samples().Select(s => circuit.Input.Quantize(s))], Margin);
        long[] trained = network.Classify(test), found = ClearClasses.Of(circuit, test);
        return new ClassifierResult(
            onnx,
            circuit,
            calibrated.Circuit,
            test,
            ClearClasses.Accuracy(trained, test),
            ClearClasses.Accuracy(found, test),
            trained.Zip(found).Count(p => p.First == p.Second),
            options.Sigma > 0 ? Simulate(calibrated.Circuit, test, options.Sigma, cancellation) : null,
            calibrated.OverflowProbability);
    }

    private static double Simulate(FheCircuit circuit, Dataset test, double sigma, CancellationToken cancellation)
    {
        var executor = new NoisyExecutor(CompiledModel.Create(circuit, new ExecutionMode.Approximate(sigma)));
        long[][] outputs = executor.Evaluate([.. test.Samples().Select(s => circuit.Input.Quantize(s))], seed: 1, cancellation).Outputs;
        return ClearClasses.Accuracy([.. outputs.Select(o => (long)ClearClasses.OfIntegers(circuit, o))], test);
    }
}
