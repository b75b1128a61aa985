using BlindGrain.Compiler.Data;
using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Tests;

namespace BlindGrain.Compiler.Tests.Quantization;

/// <summary>Post-training quantization of public float models.</summary>
public class PostTrainingTests
{
    [Fact]
    public void A_float_MNIST_network_keeps_its_accuracy_at_six_bits()
    {
        byte[] onnx = File.ReadAllBytes(SharedData.FileOrSkip("models/cntk_mnist_cnn.onnx"));
        float[][] images = IdxReader.ReadImages(SharedData.FileOrSkip("data/mnist/t10k-images-idx3-ubyte.gz"));
        int[] labels = IdxReader.ReadLabels(SharedData.FileOrSkip("data/mnist/t10k-labels-idx1-ubyte.gz"));
        float[][] calibration = IdxReader.ReadImages(SharedData.FileOrSkip("data/mnist/train10k-images-idx3-ubyte.gz"));
        float scale = 255f;
        images = [.. images.Select(i => i.Select(v => v * scale).ToArray())];
        calibration = [.. calibration.Take(200).Select(i => i.Select(v => v * scale).ToArray())];
        QuantizedModel model = PostTrainingQuantizer.Quantize(onnx, calibration, PostTrainingOptions.Uniform(6));
        FheCircuit circuit = ModelCompiler.Compile(model.Onnx, "cnn");
        using var reference = new ReferenceModel(onnx);
        using var quantized = new ReferenceModel(model.Onnx);
        var executor = new ClearExecutor(circuit);
        int exact = 0, right = 0, agree = 0, count = 1000;
        for (int i = 0; i < count; i++)
        {
            float[] clear = circuit.Output.Dequantize(executor.Run(circuit.Input.Quantize(images[i])));
            float[] q = quantized.Run(images[i]);
            float[] f = reference.Run(images[i]);
            exact += Array.IndexOf(f, f.Max()) == labels[i] ? 1 : 0;
            right += Array.IndexOf(clear, clear.Max()) == labels[i] ? 1 : 0;
            agree += clear.Zip(q).All(t => Math.Abs(t.First - t.Second) < 1e-3 * Math.Max(1, Math.Abs(t.Second))) ? 1 : 0;
        }

        Assert.InRange(right, exact - 5, count);
    }
}
