using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Compiler.Tests;

/// <summary>Deep convolutional networks of the usual kinds, narrower than in earnest. All scales are powers of two, so that the reference's float sums are exact.</summary>
public class LargeNetworkTests
{
    private readonly Random _random = new(7);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void Six_convolutions_two_maxima_three_dense_layers(int weightBits, int activationBits)
    {
        var b = new OnnxBuilder(1, 3, 32, 32);
        string x = b.Quant("x", 1f / 128, 8);
        int before = 3;
        int[] channels = [8, 8, 16, 16, 32, 32];
        for (int layer = 0; layer < channels.Length; layer++)
        {
            x = Activation(b, Normalized(b, b.Node("Conv", [x, Weights(b, weightBits, channels[layer], before, 3, 3)]), channels[layer], before), activationBits);
            x = layer is 1 or 3 ? b.Node("MaxPool", [x], OnnxBuilder.Ints("kernel_shape", 2, 2), OnnxBuilder.Ints("strides", 2, 2)) : x;
            before = channels[layer];
        }

        x = b.Node("Flatten", [x]);
        foreach (int width in new[] { 64, 64 })
        {
            x = Activation(b, Normalized(b, b.Node("MatMul", [x, Weights(b, weightBits, before, width)]), width, before), activationBits);
            before = width;
        }

        FheCircuit circuit = Check(b.Build(b.Node("MatMul", [x, Weights(b, weightBits, before, 10)])));
        int convolved = (8 * ((30 * 30) + (28 * 28))) + (16 * ((12 * 12) + (10 * 10))) + (32 * ((3 * 3) + 1)), pooled = (8 * 14 * 14) + (16 * 5 * 5);
        Assert.Equal(convolved + (3 * pooled) + pooled + 64 + 64, circuit.Bootstraps);
    }

    [Fact]
    public void Depthwise_separable_convolutions()
    {
        var b = new OnnxBuilder(1, 3, 32, 32);
        int before = 4;
        string x = Activation(b, Normalized(b, b.Node("Conv", [b.Quant("x", 1f / 32, 6), Weights(b, 4, before, 3, 3, 3)], OnnxBuilder.Ints("pads", 1, 1, 1, 1)), before, 3), 4);
        int bootstraps = 4 * 32 * 32, size = 32;
        foreach ((int channels, int stride) in new[] { (8, 2), (8, 1), (16, 2), (16, 1), (32, 2), (32, 1) })
        {
            size /= stride;
            string depthwise = b.Node("Conv", [x, Weights(b, 4, before, 1, 3, 3)], OnnxBuilder.Int("group", before), OnnxBuilder.Ints("strides", stride, stride), OnnxBuilder.Ints("pads", 1, 1, 1, 1));
            x = Activation(b, Normalized(b, depthwise, before, 1), 4);
            x = Activation(b, Normalized(b, b.Node("Conv", [x, Weights(b, 4, channels, before, 1, 1)]), channels, before / 4f), 4);
            bootstraps += (before + channels) * size * size;
            before = channels;
        }

        string mean = b.Quant(b.Node("Flatten", [b.Node("GlobalAveragePool", [x])]), 0.125f, 4, signed: false);
        FheCircuit circuit = Check(b.Build(b.Node("MatMul", [mean, Weights(b, 4, before, 10)])));
        Assert.Equal(bootstraps + before, circuit.Bootstraps);
    }

    private FheCircuit Check(byte[] onnx)
    {
        FheCircuit circuit = ModelCompiler.Compile(onnx, "net");
        using var reference = new ReferenceModel(onnx);
        var executor = new ClearExecutor(circuit);
        for (int trial = 0; trial < 3; trial++)
        {
            float[] sample = Numbers(3 * 32 * 32);
            float[] expected = reference.Run(sample), actual = circuit.Output.Finish(executor.Run(circuit.Input.Quantize(sample)));
            Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-4f * Math.Max(1, MathF.Abs(p.First))));
            Assert.True(expected.Distinct().Count() > 1);
        }

        return circuit;
    }

    private float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((_random.NextDouble() * 2) - 1))];

    private string Weights(OnnxBuilder b, int bits, params int[] shape)
    {
        string floats = b.Constant(shape, Numbers(shape.Aggregate(1, (a, d) => a * d)));
        return bits == 1 ? b.NodeIn("qonnx.custom_op.general", "BipolarQuant", [floats, b.Constant([], 0.25f)]) : b.Quant(floats, 1f / (1 << (bits - 1)), bits, narrow: true);
    }

    private string Normalized(OnnxBuilder b, string x, int channels, float scale)
    {
        string gamma = b.Constant([channels], [.. Numbers(channels).Select(v => 1 + (v / 4))]), beta = b.Constant([channels], [.. Numbers(channels).Select(v => v / 2)]);
        return b.Node("BatchNormalization", [x, gamma, beta, b.Constant([channels], Numbers(channels)), b.Constant([channels], [.. Numbers(channels).Select(v => scale * (1.2f + v))])]);
    }

    private static string Activation(OnnxBuilder b, string x, int bits) => bits == 1
        ? b.NodeIn("qonnx.custom_op.general", "BipolarQuant", [x, b.Constant([], 1)])
        : b.Quant(b.Node("Relu", [x]), bits == 2 ? 0.5f : 0.25f, bits, signed: false);
}
