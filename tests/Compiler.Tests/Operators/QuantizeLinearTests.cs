using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests.Operators;

/// <summary>ONNX's own quantizers and integer operators.</summary>
public class QuantizeLinearTests
{
    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, -5)]
    public void Pairs_of_quantizers_around_float_operators(bool signed, int zero)
    {
        var b = new OnnxBuilder(1, 2, 3, 3);
        string x = Pair(b, "x", 0.05f, signed, zero);
        string w = b.Node("DequantizeLinear", [b.Typed(ElementType.Int8, [2, 2, 2, 2], Integers(16)), b.Constant([], 0.25f), b.Typed(ElementType.Int8, [], 0)]);
        string bias = b.Node("DequantizeLinear", [b.Typed(ElementType.Int32, [2], 40, -17), b.Constant([], 0.0125f), b.Typed(ElementType.Int32, [], 0)]);
        string h = Pair(b, b.Node("Relu", [b.Node("Conv", [x, w, bias])]), 0.1173f, signed, zero);
        string w2 = b.Node("DequantizeLinear", [b.Typed(ElementType.Int8, [8, 3], Integers(24)), b.Constant([], 0.5f), b.Typed(ElementType.Int8, [], 1)]);
        FheCircuit circuit = Agreement.Check(b.Build(Pair(b, b.Node("MatMul", [b.Node("Flatten", [h]), w2]), 0.3171f, signed, zero)), 18);
        Assert.Equal(8 + 3, circuit.Bootstraps);
    }

    [Fact]
    public void Weights_with_a_scale_a_channel()
    {
        var b = new OnnxBuilder(1, 3);
        string w = b.Node("DequantizeLinear", [b.Typed(ElementType.Int8, [3, 2], Integers(6)), b.Constant([2], 0.25f, 0.7f), b.Typed(ElementType.Int8, [2], 0, 0)], OnnxBuilder.Int("axis", 1));
        _ = Agreement.Check(b.Build(b.Node("Gemm", [Pair(b, "x", 0.1f, false, 128), w, b.Constant([2], 1, 2)])), 3);
    }

    [Theory]
    [InlineData(nameof(ElementType.Int4), nameof(ElementType.UInt4), -8, 7)]
    [InlineData(nameof(ElementType.UInt4), nameof(ElementType.Int4), 0, 15)]
    [InlineData(nameof(ElementType.Int16), nameof(ElementType.UInt16), -32768, 32767)]
    public void Weights_and_activations_of_4_and_16_bits(string weightType, string activationType, int min, int max)
    {
        ElementType weights = Enum.Parse<ElementType>(weightType), activations = Enum.Parse<ElementType>(activationType);
        bool nibbles = weights is ElementType.Int4 or ElementType.UInt4;
        float[] integers = nibbles ? [min, max, 3, min + 1, 0, 5] : [-3, 2, 3, 1, 0, 5];
        var b = new OnnxBuilder(1, 3).WithOpset(21);
        string zero = b.Integer(activations, [], activations is ElementType.UInt4 or ElementType.UInt16 ? 8 : 0);
        string x = b.Node("DequantizeLinear", [b.Node("QuantizeLinear", ["x", b.Constant([], 0.25f), zero]), b.Constant([], 0.25f), zero]);
        string w = b.Node("DequantizeLinear", [b.Integer(weights, [3, 2], integers), b.Constant([], 0.5f), b.Integer(weights, [], 1)]);
        string y = b.Node("QuantizeLinear", [b.Node("MatMul", [x, w]), b.Constant([], 0.25f), zero]);
        FheCircuit circuit = Agreement.Check(b.Build(b.Node("DequantizeLinear", [y, b.Constant([], 0.25f), zero])), 3);
        int[] reached = [.. circuit.Steps.OfType<LookupStep>().SelectMany(s => s.Tables).SelectMany(t => t.Outputs)];
        Assert.InRange(1 + reached.Max() - reached.Min(), nibbles ? 16 : 257, nibbles ? 16 : 1 << 16);
    }

    [Fact]
    public void Weights_may_be_quantized_in_the_graph()
    {
        var b = new OnnxBuilder(1, 3);
        string w = Pair(b, b.Constant([3, 2], 0.3f, -0.7f, 0.11f, 1.2f, -1, 0.5f), 0.01f, true, 0);
        _ = Agreement.Check(b.Build(b.Node("MatMul", [Pair(b, "x", 0.1f, false, 128), w])), 3);
    }

    [Fact]
    public void Odd_zero_points_round_before_they_are_added()
    {
        var b = new OnnxBuilder(1, 2);
        string q = b.Quant("x", 0.5f, 4);
        string y = Pair(b, b.Node("MatMul", [q, b.Weights(2, 2)]), 0.25f, false, 7);
        _ = Agreement.Check(b.Build(y), 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_linear_convolution(bool perChannel)
    {
        var b = new OnnxBuilder(1, 2, 4, 4);
        string x = b.Node("QuantizeLinear", ["x", b.Constant([], 0.05f), b.Typed(ElementType.UInt8, [], 100)]);
        string scale = perChannel ? b.Constant([3], 0.25f, 0.5f, 0.1f) : b.Constant([], 0.25f), zero = perChannel ? b.Typed(ElementType.Int8, [3], 0, 0, 0) : b.Typed(ElementType.Int8, [], 0);
        string y = b.Node(
            "QLinearConv",
            [x, b.Constant([], 0.05f), b.Typed(ElementType.UInt8, [], 100), b.Typed(ElementType.Int8, [3, 2, 2, 2], Integers(24)), scale, zero, b.Constant([], 0.2f), b.Typed(ElementType.UInt8, [], 90), b.Typed(ElementType.Int32, [3], 30, -50, 0)],
            OnnxBuilder.Ints("pads", 1, 0, 0, 1));
        string real = b.Node("DequantizeLinear", [y, b.Constant([], 0.2f), b.Typed(ElementType.UInt8, [], 90)]);
        _ = Agreement.Check(b.Build(real), 32);
    }

    [Fact]
    public void A_linear_matrix_product()
    {
        var b = new OnnxBuilder(1, 4);
        string x = b.Node("QuantizeLinear", ["x", b.Constant([], 0.05f), b.Typed(ElementType.Int8, [], 3)]);
        string y = b.Node("QLinearMatMul", [x, b.Constant([], 0.05f), b.Typed(ElementType.Int8, [], 3), b.Typed(ElementType.Int8, [4, 2], Integers(8)), b.Constant([], 0.25f), b.Typed(ElementType.Int8, [], 1), b.Constant([], 0.125f), b.Typed(ElementType.Int8, [], -4)]);
        _ = Agreement.Check(b.Build(y), 4);
    }

    [Fact]
    public void Integer_products_scaled_afterwards()
    {
        var b = new OnnxBuilder(1, 4);
        string x = b.Node("QuantizeLinear", ["x", b.Constant([], 0.05f), b.Typed(ElementType.UInt8, [], 120)]);
        string y = b.Node("MatMulInteger", [x, b.Typed(ElementType.Int8, [4, 2], Integers(8)), b.Typed(ElementType.UInt8, [], 120), b.Typed(ElementType.Int8, [], 2)]);
        _ = Agreement.Check(b.Build(b.Node("Mul", [b.Node("Cast", [y], OnnxBuilder.Int("to", 1)), b.Constant([], 0.01f)])), 4);

        b = new OnnxBuilder(1, 1, 3, 3);
        x = b.Node("QuantizeLinear", ["x", b.Constant([], 0.05f), b.Typed(ElementType.UInt8, [], 120)]);
        y = b.Node("ConvInteger", [x, b.Typed(ElementType.UInt8, [1, 1, 2, 2], 1, 5, 2, 7), b.Typed(ElementType.UInt8, [], 120), b.Typed(ElementType.UInt8, [], 3)], OnnxBuilder.Ints("pads", 1, 1, 0, 0));
        _ = Agreement.Check(b.Build(y), 9);
    }

    [Fact]
    public void Quantized_pooling_and_sums_of_ONNX_Runtime()
    {
        var b = new OnnxBuilder(1, 2, 4, 4);
        string x = b.Node("QuantizeLinear", ["x", b.Constant([], 0.05f), b.Typed(ElementType.UInt8, [], 128)]);
        string[] scale = [b.Constant([], 0.05f), b.Typed(ElementType.UInt8, [], 128)], pooledScale = [b.Constant([], 0.0531f), b.Typed(ElementType.UInt8, [], 127)], wide = [b.Constant([], 0.1173f), b.Typed(ElementType.UInt8, [], 120)];
        string pooled = b.NodeIn("com.microsoft", "QLinearAveragePool", [x, .. scale, .. pooledScale], OnnxBuilder.Ints("kernel_shape", 2, 2), OnnxBuilder.Ints("strides", 2, 2));
        string global = b.NodeIn("com.microsoft", "QLinearGlobalAveragePool", [x, .. scale, .. pooledScale], OnnxBuilder.Int("channels_last", 0));
        string sum = b.NodeIn("com.microsoft", "QLinearAdd", [pooled, .. pooledScale, global, .. pooledScale, .. wide]);
        _ = Agreement.Check(b.Build(sum), 32);
    }

    private static string Pair(OnnxBuilder b, string x, float scale, bool signed, int zero)
    {
        ElementType type = signed ? ElementType.Int8 : ElementType.UInt8;
        return b.Node("DequantizeLinear", [b.Node("QuantizeLinear", [x, b.Constant([], scale), b.Typed(type, [], zero)]), b.Constant([], scale), b.Typed(type, [], zero)]);
    }

    private static float[] Integers(int count) => [.. Enumerable.Range(0, count).Select(i => (i * 7 % 11) - 5f)];
}
