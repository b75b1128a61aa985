using BlindGrain.Compiler.Onnx;
using Google.Protobuf;

namespace BlindGrain.Compiler.Tests;

/// <summary>What is computed at compile time: nodes on constants, held against ONNX Runtime on the whole model.</summary>
public class ConstantTests
{
    [Fact]
    public void Constants_keep_their_fractions_when_they_are_moved()
    {
        var b = new OnnxBuilder(1, 2);
        string joined = b.Node("Concat", [b.Constant([1], 0.5f), b.Constant([1], -0.25f)], OnnxBuilder.Int("axis", 0));
        string squeezed = b.Node("Squeeze", [b.Node("Unsqueeze", [joined, b.Integers(0)]), b.Integers(0)]);
        string picked = b.Node("Gather", [squeezed, b.Integers(1, 0)], OnnxBuilder.Int("axis", 0));
        _ = OperatorTests.AgreesWithReference(b.Build(b.Node("Add", [Product(b, 2), picked])), 2);
    }

    [Theory]
    [InlineData("Mul")]
    [InlineData("Sub")]
    public void Quantized_constants_take_part_in_arithmetic(string op)
    {
        var b = new OnnxBuilder(1, 2);
        string bias = b.Node(op, [b.Quant(b.Constant([2], 0.5f, -0.75f), 0.25f, 4), b.Constant([], 2)]);
        string bent = b.Node("Relu", [b.Quant(b.Constant([2], 0.5f, -0.75f), 0.25f, 4)]);
        _ = OperatorTests.AgreesWithReference(b.Build(b.Node("Add", [b.Node("Add", [Product(b, 2), bias]), bent])), 2);
    }

    [Fact]
    public void A_part_of_a_shape_is_that_part_only()
    {
        OnnxBuilder b = new OnnxBuilder(1, 2, 3).WithOpset(15);
        string q = b.Quant("x", 0.5f, 3);
        string last = b.Node("Shape", [q], OnnxBuilder.Int("start", -1));
        string bias = b.Node("Cast", [last], OnnxBuilder.Int("to", 1));
        _ = OperatorTests.AgreesWithReference(b.Build(b.Node("Add", [q, bias])), 6);
    }

    [Fact]
    public void A_bit_width_may_come_from_a_node()
    {
        var b = new OnnxBuilder(1, 2);
        string bits = b.Node("Constant", [], new AttributeProto { Name = "value", T = new TensorProto { DataType = 1, FloatData = { 3 } }, Type = 4 });
        foreach ((long signed, long narrow) in new[] { (0L, 0L), (0L, 1L), (1L, 0L), (1L, 1L) })
        {
            string q = b.NodeIn("onnx.brevitas", "Quant", ["x", b.Constant([], 0.25f), b.Constant([], 0), bits], OnnxBuilder.Int("signed", signed), OnnxBuilder.Int("narrow", narrow));
            _ = OperatorTests.AgreesWithReference(b.Build(q), 2);
            b = new OnnxBuilder(1, 2);
            bits = b.Node("Identity", [b.Constant([], 3)]);
        }
    }

    [Fact]
    public void A_loop_that_may_not_end_is_refused()
    {
        var b = new OnnxBuilder(1, 2);
        var body = new AttributeProto { Name = "body", Type = 5, G = ByteString.CopyFromUtf8("\n") };
        string constant = b.Node("Loop", [b.Integers(1L << 60), "", b.Constant([2], 1, 2)], body);
        Assert.Contains("control flow", Refusal(b.Build(b.Node("Add", [b.Quant("x", 1, 3), constant]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Random_constants_are_refused()
    {
        var b = new OnnxBuilder(1, 2);
        string constant = b.Node("RandomNormal", [], OnnxBuilder.Ints("shape", 2));
        Assert.Contains("random numbers", Refusal(b.Build(b.Node("Add", [b.Quant("x", 1, 3), constant]))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_larger_than_memory_is_refused()
    {
        foreach (long length in new[] { 1L << 30, 1L << 40 })
        {
            var b = new OnnxBuilder(1, 2);
            string huge = b.Node("ConstantOfShape", [b.Integers(length)]);
            Assert.Contains("'constantofshape", Refusal(b.Build(b.Node("Add", [b.Quant("x", 1, 3), huge]))), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_chain_without_end_is_refused()
    {
        // Each value keeps its chain, so the memory would grow with the square of the nodes.
        var b = new OnnxBuilder(1, 2);
        string value = b.Quant("x", 1, 3), one = b.Constant([], 1);
        for (int i = 0; i < 1000; i++)
        {
            value = b.Node("Add", [value, one]);
        }

        Assert.Contains("without a quantizer", Refusal(b.Build(value)), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_outside_the_file_is_never_followed()
    {
        var b = new OnnxBuilder(1, 2);
        var tensor = new TensorProto { Name = "weights", DataType = 1, Dims = { 2 }, DataLocation = 1 };
        string constant = b.Node("Constant", [], new AttributeProto { Name = "value", T = tensor, Type = 4 });
        byte[] model = b.Build(b.Node("Add", [b.Quant("x", 1, 3), constant]));
        Assert.Contains("outside the file", Assert.Throws<InvalidModelException>(() => ModelCompiler.Compile(model, "t")).Message, StringComparison.Ordinal);
        Assert.Contains("outside the file", Assert.Throws<InvalidModelException>(() => new ReferenceModel(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_scale_that_is_not_finite_is_refused_by_the_compiler()
    {
        var b = new OnnxBuilder(1, 2);
        byte[] model = b.Build(b.Node("Div", [Product(b, 2), b.Constant([], 0)]));
        Assert.Contains("not affine", Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(model, "t")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_and_products_of_a_size_that_no_circuit_has_are_refused()
    {
        var b = new OnnxBuilder(1, 1 << 16, 1 << 16);
        Assert.Contains("too many values", Refusal(b.Build(b.Quant("x", 1, 3))), StringComparison.Ordinal);

        b = new OnnxBuilder(1, 1 << 22, 1);
        string weights = b.Quant(b.Constant([1, 64], [.. Enumerable.Repeat(1f, 64)]), 1, 2);
        Assert.Contains("values are supported", Refusal(b.Build(b.Node("MatMul", [b.Quant("x", 1, 3), weights]))), StringComparison.Ordinal);
    }

    private static string Product(OnnxBuilder b, int length)
    {
        string weights = b.Quant(b.Constant([length, length], [.. Enumerable.Range(0, length * length).Select(i => (i % 3) - 1f)]), 1, 2);
        return b.Node("MatMul", [b.Quant("x", 0.5f, 3), weights]);
    }

    private static string Refusal(byte[] model) => Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(model, "t")).Message;
}
