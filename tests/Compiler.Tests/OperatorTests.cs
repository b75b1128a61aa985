using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests;

/// <summary>Small models, each held against ONNX Runtime on the rewritten graph.</summary>
public class OperatorTests
{
    [Theory]
    [InlineData("onnx.brevitas")]
    [InlineData("qonnx.custom_op.general")]
    [InlineData("finn.custom_op.general")]
    public void Quantizers_of_every_domain_are_read(string domain)
    {
        var b = new OnnxBuilder(1, 3);
        string q = b.Quant("x", 0.25f, 4, domain: domain);
        string w = b.Quant(b.Constant([3, 2], 1, -0.5f, 0.25f, 1, 0, -1), 0.5f, 3, narrow: true, domain: domain);
        string y = b.Quant(b.Node("Relu", [b.Node("MatMul", [q, w])]), 0.5f, 3, signed: false, domain: domain);
        AgreesWithReference(b.Build(y), 3);
    }

    [Fact]
    public void A_zero_point_moves_into_the_integer_bias()
    {
        var b = new OnnxBuilder(1, 4);
        string q = b.Quant("x", 0.25f, 4, signed: false, zeroPoint: 7);
        string w = b.Quant(b.Constant([4, 3], [.. Enumerable.Range(0, 12).Select(i => ((i * 7 % 5) - 2) / 2f)]), 0.5f, 3);
        string h = b.Quant(b.Node("MatMul", [q, w]), 0.25f, 4, signed: false, zeroPoint: 3);
        string y = b.Node("MatMul", [h, b.Quant(b.Constant([3, 2], 1, -1, 0.5f, 0.5f, -0.5f, 1), 0.5f, 3)]);
        FheCircuit circuit = AgreesWithReference(b.Build(y), 4);
        Assert.Contains(circuit.Steps.OfType<LinearStep>().First().Bias, v => v != 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Gemm_takes_bias_factors_and_transposed_weights(long transposed)
    {
        var b = new OnnxBuilder(1, 3);
        float[] weights = [1, 0.5f, -0.5f, 0, 1, -1];
        string q = b.Quant("x", 0.25f, 4);
        string w = b.Quant(transposed == 1 ? b.Constant([2, 3], weights) : b.Constant([3, 2], weights), 0.5f, 3);
        string y = b.Node("Gemm", [q, w, b.Constant([2], 0.3f, -1.7f)], OnnxBuilder.Int("transB", transposed), OnnxBuilder.Float("alpha", 0.5f), OnnxBuilder.Float("beta", 2));
        AgreesWithReference(b.Build(b.Quant(b.Node("Relu", [y]), 0.25f, 4, signed: false)), 3);
        AgreesWithReference(b.Build(y), 3);
    }

    [Fact]
    public void Weights_may_have_a_scale_an_output_channel()
    {
        var b = new OnnxBuilder(1, 3);
        string q = b.Quant("x", 0.25f, 4);
        string w = b.NodeIn(
            "qonnx.custom_op.general",
            "Quant",
            [b.Constant([3, 2], 1, -0.5f, 0.25f, 1, 0, -1), b.Constant([1, 2], 0.5f, 0.125f), b.Constant([], 0), b.Constant([], 4)],
            OnnxBuilder.Int("signed", 1));
        AgreesWithReference(b.Build(b.Node("MatMul", [q, w])), 3);
    }

    [Fact]
    public void Scales_that_differ_along_the_summed_axis_are_refused()
    {
        var b = new OnnxBuilder(1, 3);
        string w = b.NodeIn(
            "qonnx.custom_op.general",
            "Quant",
            [b.Constant([3, 2], 1, -0.5f, 0.25f, 1, 0, -1), b.Constant([3, 1], 0.5f, 0.125f, 0.25f), b.Constant([], 0), b.Constant([], 4)],
            OnnxBuilder.Int("signed", 1));
        byte[] model = b.Build(b.Node("MatMul", [b.Quant("x", 0.25f, 4), w]));
        Assert.Contains("output channel", Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(model, "t")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_between_two_products_becomes_one_look_up()
    {
        var b = new OnnxBuilder(1, 1, 2, 2);
        string flat = b.Node("Flatten", [b.Node("Sub", [b.Node("Mul", ["x", b.Constant([], 2)]), b.Constant([1], 1)])]);
        string q = b.Quant(flat, 0.5f, 3);
        string w = b.Quant(b.Constant([4, 3], [.. Enumerable.Range(0, 12).Select(i => ((i * 5 % 7) - 3) / 4f)]), 0.25f, 3);
        string product = b.Node("MatMul", [q, w]);
        string normal = b.Node("BatchNormalization", [product, b.Constant([3], 1, 0.5f, -2), b.Constant([3], 0.1f, 0, 0.3f), b.Constant([3], 0.2f, -0.1f, 0), b.Constant([3], 1, 2, 0.5f)]);
        string scaled = b.Node("Div", [b.Node("Add", [b.Node("Mul", [normal, b.Constant([3], 1, 2, 3)]), b.Constant([1, 3], 0.05f, 0, -0.05f)]), b.Constant([], 1.5f)]);
        string h = b.Quant(b.Node("Relu", [b.Node("Sub", [b.Constant([], 0.4f), scaled])]), 0.5f, 3, signed: false);
        string y = b.Node("Add", [b.Node("MatMul", [h, b.Quant(b.Constant([3, 2], 1, -1, 0.5f, 0.5f, -0.5f, 1), 0.5f, 3)]), b.Constant([2], 0.25f, -0.75f)]);
        FheCircuit circuit = AgreesWithReference(b.Build(y), 4);
        Assert.Equal(3, circuit.Bootstraps);
        Assert.Equal(3, circuit.Steps.Count);
    }

    [Fact]
    public void Shape_arithmetic_is_folded()
    {
        var b = new OnnxBuilder(1, 2, 3);
        string q = b.Quant("x", 0.25f, 4);
        string first = b.Node("Gather", [b.Node("Shape", [q]), b.Integers(0)], OnnxBuilder.Int("axis", 0));
        string shape = b.Node("Concat", [first, b.Integers(-1)], OnnxBuilder.Int("axis", 0));
        string w = b.Node("Transpose", [b.Quant(b.Constant([2, 6], [.. Enumerable.Range(0, 12).Select(i => (i % 3) - 1f)]), 1, 2)], OnnxBuilder.Ints("perm", 1, 0));
        AgreesWithReference(b.Build(b.Node("MatMul", [b.Node("Reshape", [q, shape]), w])), 6);
    }

    [Fact]
    public void Equal_tables_are_shared()
    {
        var b = new OnnxBuilder(1, 3);
        string w = b.Quant(b.Constant([3, 4], [.. Enumerable.Repeat(1f, 12)]), 1, 2);
        FheCircuit circuit = ModelCompiler.Compile(b.Build(b.Quant(b.Node("MatMul", [b.Quant("x", 1, 2), w]), 1, 3)), "t");
        Assert.Single(circuit.Steps.OfType<LookupStep>().Single().Tables);
    }

    internal static FheCircuit AgreesWithReference(byte[] onnx, int length) => Agreement.Check(onnx, length);
}
