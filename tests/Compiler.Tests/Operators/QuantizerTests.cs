using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests.Operators;

/// <summary>QONNX's quantizers, on weights, the input and activations.</summary>
public class QuantizerTests
{
    [Theory]
    [InlineData(true, false, 0)]
    [InlineData(true, true, 0)]
    [InlineData(false, false, 0)]
    [InlineData(false, true, 0)]
    [InlineData(false, false, 3)]
    [InlineData(true, false, -2)]
    public void Signs_narrow_ranges_and_zero_points(bool signed, bool narrow, float zero)
    {
        foreach (int bits in new[] { 2, 4 })
        {
            var b = new OnnxBuilder(1, 3);
            string q = b.Quant("x", 0.5f, bits, signed, narrow, zero);
            string w = b.Quant(b.Constant([3, 2], 0.4f, -0.9f, 1.3f, 0.2f, -2, 0.7f), 0.25f, 4, signed, narrow);
            _ = Agreement.Check(b.Build(b.Quant(b.Node("MatMul", [q, w]), 0.375f, bits, signed, narrow, zero)), 3);
        }
    }

    [Theory]
    [InlineData("ROUND")]
    [InlineData("FLOOR")]
    [InlineData("CEIL")]
    [InlineData("ROUND_TO_ZERO")]
    [InlineData("UP")]
    [InlineData("DOWN")]
    [InlineData("HALF_UP")]
    [InlineData("HALF_DOWN")]
    [InlineData("half_even")]
    public void Rounding_modes(string mode)
    {
        var b = new OnnxBuilder(1, 3);
        string w = Quant(b, b.Constant([3, 2], 0.4f, -0.9f, 1.3f, 0.25f, -0.75f, 0.7f), mode);
        string y = b.Node("MatMul", [b.Quant("x", 0.25f, 4), w]);
        _ = Agreement.Check(b.Build(Quant(b, y, mode)), 3);
    }

    [Fact]
    public void An_unknown_rounding_mode_is_refused()
    {
        var b = new OnnxBuilder(1, 3);
        string y = Quant(b, b.Node("MatMul", [b.Quant("x", 0.25f, 4), b.Weights(3, 2)]), "STOCHASTIC");
        Assert.Contains("STOCHASTIC", Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(b.Build(y), "t")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scale_a_channel_at_the_input_and_at_activations()
    {
        var b = new OnnxBuilder(1, 3, 2, 2);
        string[] setting = [b.Constant([1, 3, 1, 1], 0.5f, 0.25f, 0.3f), b.Constant([], 0), b.Constant([], 4)];
        string q = b.NodeIn("qonnx.custom_op.general", "Quant", ["x", .. setting], OnnxBuilder.Int("signed", 1));
        string y = b.NodeIn("qonnx.custom_op.general", "Quant", [b.Node("Relu", [q]), .. setting], OnnxBuilder.Int("signed", 0));
        string depthwise = b.Node("Conv", [y, b.Weights(3, 1, 2, 2)], OnnxBuilder.Int("group", 3));
        _ = Agreement.Check(b.Build(depthwise), 12);
    }

    [Fact]
    public void Signs_of_weights_the_input_and_activations()
    {
        var b = new OnnxBuilder(1, 3);
        string q = Bipolar(b, b.Node("Sub", [b.Node("Mul", ["x", b.Constant([], 2)]), b.Constant([], 1)]), 1);
        string w = Bipolar(b, b.Constant([3, 4], [.. Enumerable.Range(0, 12).Select(i => (i * 5 % 7) - 3f)]), 0.5f);
        string y = Bipolar(b, b.Node("MatMul", [q, w]), 0.25f);
        Assert.Equal(4, Agreement.Check(b.Build(b.Node("MatMul", [y, b.Weights(4, 2)])), 3).Bootstraps);
    }

    [Theory]
    [InlineData("FLOOR", 0)]
    [InlineData("ROUND", 0)]
    [InlineData("FLOOR", 4)]
    public void Dropped_bits(string mode, float zero)
    {
        var b = new OnnxBuilder(1, 2, 4, 4);
        string sum = b.Node("Mul", [b.Node("AveragePool", [b.Quant("x", 0.25f, 4)], OnnxBuilder.Ints("kernel_shape", 2, 2), OnnxBuilder.Ints("strides", 2, 2)), b.Constant([], 4)]);
        string y = b.NodeIn("qonnx.custom_op.general", "Trunc", [sum, b.Constant([], 0.25f), b.Constant([], zero), b.Constant([], 6), b.Constant([], 4)], OnnxBuilder.Text("rounding_mode", mode));
        Assert.Equal(8, Agreement.Check(b.Build(y), 32).Bootstraps);
    }

    [Theory]
    [InlineData("FLOOR", true, 0, 4)]
    [InlineData("ROUND", true, 0, 3)]
    [InlineData("CEIL", false, 8, 3)]
    public void Dropped_bits_by_the_scale_of_the_result(string mode, bool signed, float zero, int bits)
    {
        var b = new OnnxBuilder(1, 2, 4, 4);
        string sum = b.Node("Mul", [b.Node("AveragePool", [b.Quant("x", 0.25f, 4)], OnnxBuilder.Ints("kernel_shape", 2, 2), OnnxBuilder.Ints("strides", 2, 2)), b.Constant([], 4)]);
        string[] settings = [b.Constant([], 0.25f), b.Constant([], zero), b.Constant([], 6), b.Constant([], 1), b.Constant([], 0), b.Constant([], bits)];
        string y = b.NodeIn("qonnx.custom_op.general", "Trunc", [sum, .. settings], OnnxBuilder.Text("rounding_mode", mode), OnnxBuilder.Int("signed", signed ? 1 : 0));
        FheCircuit circuit = Agreement.Check(b.Build(y), 32);

        // A quarter of the steps, clipped to the width.
        int[] reached = [.. circuit.Steps.OfType<LookupStep>().SelectMany(s => s.Tables).SelectMany(t => t.Outputs).Distinct().Order()];
        Assert.Equal((signed ? -1 << (bits - 1) : 0, (signed ? 1 << (bits - 1) : 1 << bits) - 1), (reached[0], reached[^1]));
        Assert.Equal(1, circuit.Output.Scale[0]);
    }

    [Theory]
    [InlineData("Quant")]
    [InlineData("IntQuant")]
    public void One_signed_bit_is_a_sign(string op)
    {
        var b = new OnnxBuilder(1, 3);
        string w = b.NodeIn("qonnx.custom_op.general", op, [b.Constant([3, 1], 0.3f, -0.7f, 0.1f), b.Constant([], 0.5f), b.Constant([], 0), b.Constant([], 1)], OnnxBuilder.Int("signed", 1));
        string y = b.NodeIn("qonnx.custom_op.general", op, [b.Node("MatMul", ["x", w]), b.Constant([], 2), b.Constant([], 0), b.Constant([], 1)], OnnxBuilder.Int("signed", 1));
        using var reference = new ReferenceModel(b.Build(y));
        Assert.Equal([2f], reference.Run([1, 1, 1]));
        Assert.Equal([2f], reference.Run([0, 0, 0]));
        Assert.Equal([-2f], reference.Run([0, 1, 0.5f]));

        b = new OnnxBuilder(1, 3);
        w = b.NodeIn("qonnx.custom_op.general", op, [b.Constant([3, 1], 0.3f, -0.7f, 0.1f), b.Constant([], 0.5f), b.Constant([], 0), b.Constant([], 1)], OnnxBuilder.Int("signed", 1));
        _ = Agreement.Check(b.Build(b.NodeIn("qonnx.custom_op.general", op, [b.Node("MatMul", [b.Quant("x", 0.5f, 4), w]), b.Constant([], 2), b.Constant([], 0), b.Constant([], 1)], OnnxBuilder.Int("signed", 1))), 3);
    }

    private static string Quant(OnnxBuilder b, string x, string mode) =>
        b.NodeIn("qonnx.custom_op.general", "Quant", [x, b.Constant([], 0.5f), b.Constant([], 0), b.Constant([], 4)], OnnxBuilder.Int("signed", 1), OnnxBuilder.Text("rounding_mode", mode));

    private static string Bipolar(OnnxBuilder b, string x, float scale) => b.NodeIn("qonnx.custom_op.general", "BipolarQuant", [x, b.Constant([], scale)]);
}
