using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests.Operators;

/// <summary>FINN's activations by thresholds.</summary>
public class MultiThresholdTests
{
    private static readonly string[] s_domains = ["qonnx.custom_op.general", "finn.custom_op.general"];

    [Fact]
    public void A_count_of_thresholds_a_channel_becomes_one_table_a_channel()
    {
        var b = new OnnxBuilder(1, 2, 3, 3);
        string sums = b.Node("Conv", [b.Quant("x", 0.5f, 4), b.Weights(2, 2, 2, 2)]);
        string y = Thresholds(b, sums, [2, 3], [-2, 0.125f, 3, -0.5f, 0, 0.5f], scale: 0.5f, bias: -1);
        FheCircuit circuit = Agreement.Check(b.Build(b.Node("Conv", [y, b.Weights(2, 2, 2, 2)])), 18);
        Assert.Equal(8, circuit.Bootstraps);
        Assert.Equal(2, Assert.Single(circuit.Steps.OfType<LookupStep>()).Tables.Count);
    }

    [Theory]
    [InlineData("NHWC", 1, 2, 2, 3)]
    [InlineData("NHWC", 1, 3)]
    [InlineData("NCHW", 1, 3)]
    [InlineData("NCHW", 1, 3, 2)]
    public void Layouts_and_ranks(string layout, params int[] shape)
    {
        var b = new OnnxBuilder(shape);
        string y = Thresholds(b, b.Quant("x", 0.5f, 4), [3, 2], [-2, 1, -1, 0, 0.5f, 0.5f], layout: layout);
        _ = Agreement.Check(b.Build(y), shape.Aggregate(1, (a, d) => a * d));
    }

    [Fact]
    public void Fifteen_thresholds_for_all_channels_are_four_bits()
    {
        var b = new OnnxBuilder(1, 4);
        string y = b.Node("MatMul", [b.Quant("x", 0.25f, 4), b.Weights(4, 3)]);
        y = Thresholds(b, y, [1, 15], [.. Enumerable.Range(0, 15).Select(i => (i - 7.5f) / 4)]);
        FheCircuit circuit = Agreement.Check(b.Build(b.Node("MatMul", [y, b.Weights(3, 2)])), 4);
        int[] reached = [.. circuit.Steps.OfType<LookupStep>().Single().Tables.SelectMany(t => t.Outputs)];
        Assert.Equal(15, reached.Max() - reached.Min());
    }

    [Fact]
    public void The_input_against_one_threshold_is_a_bit_of_the_client()
    {
        foreach (string domain in s_domains)
        {
            var b = new OnnxBuilder(1, 3);
            string y = Thresholds(b, b.Node("Sub", [b.Node("Mul", ["x", b.Constant([], 2)]), b.Constant([1], 1)]), [3, 1], [-0.5f, 0, 0.75f], scale: 2, bias: -1, domain: domain);
            FheCircuit circuit = Agreement.Check(b.Build(b.Node("MatMul", [y, b.Weights(3, 2)])), 3);
            Assert.Equal((0, 0, 1), (circuit.Bootstraps, circuit.Input.Quantizer.QMin, circuit.Input.Quantizer.QMax));
        }
    }

    [Fact]
    public void The_input_against_several_thresholds_is_completed_by_calibration()
    {
        var b = new OnnxBuilder(1, 3);
        byte[] onnx = b.Build(b.Node("MatMul", [Thresholds(b, "x", [1, 3], [-1, 0, 1]), b.Weights(3, 2)]));
        Assert.Contains("3 thresholds", Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(onnx, "t")).Message, StringComparison.Ordinal);
        var random = new Random(1);
        float[][] samples = [.. Enumerable.Range(0, 50).Select(_ => Enumerable.Range(0, 3).Select(_ => (float)((random.NextDouble() * 6) - 3)).ToArray())];
        QuantizedModel completed = PostTrainingQuantizer.Quantize(onnx, samples, PostTrainingOptions.Uniform(5));
        Assert.False(Assert.Single(completed.Points).IsWeight);
        _ = Agreement.Check(completed.Onnx, 3);
    }

    [Fact]
    public void Constants_are_counted_too()
    {
        var b = new OnnxBuilder(1, 2);
        string c = Thresholds(b, b.Constant([1, 2], 0.5f, -2), [2, 2], [0, 0.5f, -3, -1], scale: 0.5f);
        _ = Agreement.Check(b.Build(b.Node("Add", [b.Quant("x", 0.5f, 3), c])), 2);
    }

    [Fact]
    public void Thresholds_of_another_number_of_channels_are_refused()
    {
        var b = new OnnxBuilder(1, 3);
        byte[] onnx = b.Build(Thresholds(b, b.Quant("x", 0.5f, 3), [2, 2], [0, 1, 0, 1]));
        Assert.Contains("[channels, thresholds]", Assert.Throws<InvalidModelException>(() => ModelCompiler.Compile(onnx, "t")).Message, StringComparison.Ordinal);
    }

    private static string Thresholds(
        OnnxBuilder b, string x, int[] shape, float[] thresholds, float scale = 1, float bias = 0, string layout = "NCHW", string domain = "qonnx.custom_op.general") =>
        b.NodeIn(domain, "MultiThreshold", [x, b.Constant(shape, thresholds)], OnnxBuilder.Float("out_scale", scale), OnnxBuilder.Float("out_bias", bias), OnnxBuilder.Text("data_layout", layout));
}
