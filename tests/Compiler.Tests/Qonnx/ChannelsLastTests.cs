using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using Google.Protobuf;

namespace BlindGrain.Compiler.Tests.Qonnx;

/// <summary>Networks with the channels last, as QKeras's exporter writes them: wrapped operators, or standard ones between transpositions.</summary>
public class ChannelsLastTests
{
    private const string Domain = "qonnx.custom_op.channels_last";

    [Fact]
    public void Wrapped_operators_agree_with_the_same_network_of_standard_ones()
    {
        // 5 × 4 places of 3 channels; kernels lie as outputs, places, inputs.
        float[] kernel = [.. Enumerable.Range(0, 4 * 3 * 2 * 3).Select(i => ((i * 5 % 7) - 3) / 4f)];
        float[] parameters = [1, 0.5f, -2, 1, 0, 0.25f, -0.5f, 1, 1, 2, 3, 4, 1, 2, 3, 4];
        FheCircuit wrapped = Agreement.Check(Wrapped(kernel, parameters), 60, trials: 20);
        Assert.Equal([2, 2, 4], wrapped.Output.Shape);
        FheCircuit standard = ModelCompiler.Compile(Standard(kernel, parameters), "standard");
        Assert.Equal(standard.Bootstraps, wrapped.Bootstraps);
        var random = new Random(3);
        for (int trial = 0; trial < 20; trial++)
        {
            int[] last = [.. Enumerable.Range(0, 60).Select(_ => random.Next(-8, 8))];
            long[] expected = new ClearExecutor(standard).Run([.. Enumerable.Range(0, 60).Select(i => last[(i % 20 * 3) + (i / 20)])]);
            Assert.Equal(Enumerable.Range(0, 16).Select(i => expected[(i % 4 * 4) + (i / 4)]), new ClearExecutor(wrapped).Run(last));
        }
    }

    [Fact]
    public void A_depthwise_convolution_over_one_axis()
    {
        var b = new OnnxBuilder(1, 6, 2);
        string kernel = b.Quant(b.Constant([2, 3, 1], 0.5f, -0.25f, 1, 0.75f, 0, -1), 0.25f, 4);
        string y = b.NodeIn(Domain, "Conv", [b.Quant("x", 0.5f, 4), kernel, b.Constant([2], 1, -1)], OnnxBuilder.Ints("kernel_shape", 3), OnnxBuilder.Ints("strides", 2), OnnxBuilder.Ints("pads", 1, 0), OnnxBuilder.Int("group", 2));
        Assert.Equal([3, 2], Agreement.Check(b.Build(y), 12).Output.Shape);
    }

    [Fact]
    public void FINNs_pooling_and_means_over_windows()
    {
        var b = new OnnxBuilder(1, 4, 4, 2);
        string pooled = b.NodeIn("finn.custom_op.general", "MaxPoolNHWC", [b.Quant("x", 0.5f, 3)], OnnxBuilder.Ints("kernel_shape", 2, 2), OnnxBuilder.Ints("strides", 2, 2));
        string mean = b.NodeIn(Domain, "AveragePool", [pooled], OnnxBuilder.Ints("kernel_shape", 2, 1));
        Assert.Equal([1, 2, 2], Agreement.Check(b.Build(mean), 32).Output.Shape);
    }

    [Theory]
    [InlineData("LayerNormalization", "AveragePool, BatchNormalization, Conv, MaxPool")]
    [InlineData("Conv", "lacks an input")]
    [InlineData("MaxPool", "kernel_shape")]
    public void What_cannot_be_spelled_out_is_refused_by_name(string op, string because)
    {
        var b = new OnnxBuilder(1, 4, 4, 2);
        byte[] model = b.Build(b.NodeIn(Domain, op, [b.Quant("x", 0.5f, 3)]));
        Exception refusal = Assert.ThrowsAny<Exception>(() => ModelCompiler.Compile(model, "t"));
        Assert.True(refusal is InvalidModelException or UnsupportedModelException);
        Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"({op})", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Channels last. The exporter does not list the domain's version.</summary>
    private static byte[] Wrapped(float[] kernel, float[] parameters)
    {
        var b = new OnnxBuilder(1, 5, 4, 3);
        string y = b.NodeIn(Domain, "Conv", [b.Quant("x", 0.5f, 4), b.Quant(b.Constant([4, 3, 2, 3], kernel), 0.25f, 4)], OnnxBuilder.Ints("kernel_shape", 3, 2));
        y = b.NodeIn(Domain, "BatchNormalization", [y, .. Parameters(b, parameters)], OnnxBuilder.Float("epsilon", 1e-3f));
        y = b.Quant(b.Node("LeakyRelu", [y], OnnxBuilder.Float("alpha", 0.1015625f)), 0.5f, 4);
        var model = ModelProto.Parser.ParseFrom(b.Build(b.NodeIn(Domain, "MaxPool", [y], OnnxBuilder.Ints("kernel_shape", 2, 2))));
        _ = model.OpsetImport.Remove(model.OpsetImport.First(o => o.Domain == Domain));
        return model.ToByteArray();
    }

    private static byte[] Standard(float[] kernel, float[] parameters)
    {
        var b = new OnnxBuilder(1, 3, 5, 4);
        float[] first = [.. Enumerable.Range(0, kernel.Length).Select(i => kernel[(i / 18 * 18) + (i % 6 * 3) + (i / 6 % 3)])];
        string y = b.Node("Conv", [b.Quant("x", 0.5f, 4), b.Quant(b.Constant([4, 3, 3, 2], first), 0.25f, 4)]);
        y = b.Node("BatchNormalization", [y, .. Parameters(b, parameters)], OnnxBuilder.Float("epsilon", 1e-3f));
        y = b.Quant(b.Node("LeakyRelu", [y], OnnxBuilder.Float("alpha", 0.1015625f)), 0.5f, 4);
        return b.Build(b.Node("MaxPool", [y], OnnxBuilder.Ints("kernel_shape", 2, 2)));
    }

    private static string[] Parameters(OnnxBuilder b, float[] parameters) => [.. parameters.Chunk(4).Select(p => b.Constant([4], p))];
}
