using BlindGrain.Compiler.Data;
using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using BlindGrain.Tests;

namespace BlindGrain.Compiler.Tests.Quantization;

/// <summary>Post-training quantization of a public float model, whose pixels are 0 to 255.</summary>
public class PostTrainingTests
{
    private const int Images = 1000;

    [Fact]
    public void A_float_MNIST_network_keeps_its_accuracy_at_six_bits()
    {
        byte[] onnx = File.ReadAllBytes(SharedData.FileOrSkip("models/cntk_mnist_cnn.onnx"));
        (float[][] images, int[] labels, float[][] calibration) = Mnist();
        QuantizedModel model = PostTrainingQuantizer.Quantize(onnx, calibration, PostTrainingOptions.Uniform(6));
        FheCircuit circuit = ModelCompiler.Compile(model.Onnx, "cnn");
        using var reference = new ReferenceModel(onnx);
        int exact = images.Zip(labels).Count(i => ArgMax(reference.Run(i.First)) == i.Second);

        Assert.InRange(ClassAccuracy.Correct(circuit, images, labels), exact - (Images / 200), Images);
    }

    [Fact]
    public void Few_bits_cost_a_float_MNIST_network_little()
    {
        byte[] onnx = File.ReadAllBytes(SharedData.FileOrSkip("models/cntk_mnist_cnn.onnx"));
        (float[][] images, int[] labels, float[][] calibration) = Mnist();
        SweepPoint[] points = [.. PostTrainingSweep.Run(new SweepRequest(onnx, calibration, images[..500], labels[..500]), [3, 4])];

        Assert.InRange(points[0].Accuracy, 0.96, 1);
        Assert.InRange(points[1].Accuracy, 0.97, 1);
        Assert.True(points[0].MaxBits < points[1].MaxBits);
        Assert.True(points[1].CalibratedBits <= points[1].MaxBits);
        Assert.All(points, p => Assert.NotNull(p.ApproximateCost));
    }

    private static (float[][] Images, int[] Labels, float[][] Calibration) Mnist() => (
        IdxReader.ReadImages(SharedData.FileOrSkip("data/mnist/t10k-images-idx3-ubyte.gz"), scale: 1)[..Images],
        IdxReader.ReadLabels(SharedData.FileOrSkip("data/mnist/t10k-labels-idx1-ubyte.gz"))[..Images],
        IdxReader.ReadImages(SharedData.FileOrSkip("data/mnist/train10k-images-idx3-ubyte.gz"), scale: 1)[..200]);

    private static int ArgMax(float[] x) => Array.IndexOf(x, x.Max());
}
