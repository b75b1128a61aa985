using BlindGrain.Compiler.Data;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Tests;

namespace BlindGrain.Compiler.Tests;

/// <summary>The public TFC_2W2A with modelled noise; all 10 000 images by the commands of docs/simulation.md.</summary>
public class TfcNoiseTests
{
    [Fact]
    public void Approximate_mode_keeps_the_accuracy_within_its_tolerance()
    {
        FheCircuit circuit = ModelCompiler.CompileFile(SharedData.FileOrSkip("models/TFC_2W2A.onnx"));
        float[][] images = IdxReader.ReadImages(SharedData.FileOrSkip("data/mnist/t10k-images-idx3-ubyte.gz"));
        int[] labels = IdxReader.ReadLabels(SharedData.FileOrSkip("data/mnist/t10k-labels-idx1-ubyte.gz"));
        const int Count = 3000;
        var data = new LabelledInputs([.. images.Take(Count).Select(i => circuit.Input.Quantize(i))], labels[..Count]);
        double clear = data.Right(circuit.Output, new ClearExecutor(circuit).RunBatch(data.Inputs)).Count(r => r) / (double)Count;
        SimulationResult coarse = Noisy(0.022), fine = Noisy(0.0023);

        // On 3000 images the difference has a standard error of 0.2 points at 0.23 %; on all images it is about 0.2 points.
        Assert.InRange(Accuracy(fine), clear - 0.009, clear + 0.009);
        Assert.True(Accuracy(coarse) < clear - 0.01, "noise of 2.2 % must cost accuracy");
        Assert.All(fine.Noise.OfType<LookupNoise>(), n => Assert.Equal(0, n.Wrapped));
        Assert.All(fine.Noise.OfType<LookupNoise>(), n => Assert.InRange(n.Sigma, 0.001, 0.0023));

        SimulationResult Noisy(double sigma) =>
            new NoisyExecutor(CompiledModel.Create(circuit, new ExecutionMode.Approximate(sigma))).Evaluate(data.Inputs, 1, TestContext.Current.CancellationToken);
        double Accuracy(SimulationResult result) => data.Right(circuit.Output, result.Outputs).Count(r => r) / (double)Count;
    }
}
