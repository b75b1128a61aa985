using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests.Operators;

/// <summary>Sums, products and maxima of two encrypted tensors.</summary>
public class PairTests
{
    [Theory]
    [InlineData("Add", 0.5f, 0.5f)]
    [InlineData("Sub", 0.5f, 0.25f)]
    [InlineData("Add", 0.75f, 0.5f)]
    [InlineData("Sub", 0.3f, 0.6f)]
    public void Residuals_of_different_scales_are_brought_to_one(string op, float first, float second)
    {
        var b = new OnnxBuilder(1, 3);
        string q = b.Quant("x", 0.25f, 4);
        string left = b.Quant(b.Node("MatMul", [q, b.Weights(3, 3)]), first, 4);
        string right = b.Quant(b.Node("Relu", [b.Node("MatMul", [q, b.Constant([3, 3], 1, -1, 2, 0, 1, 1, 3, -2, 0)])]), second, 3, signed: false, zeroPoint: 1);
        string sum = b.Quant(b.Node("Relu", [b.Node(op, [left, right])]), 0.5f, 4, signed: false);
        FheCircuit circuit = Agreement.Check(b.Build(b.Node("MatMul", [sum, b.Weights(3, 2)])), 3);
        Assert.Equal(9, circuit.Bootstraps);
    }

    [Fact]
    public void Accumulators_are_added_without_a_bootstrap()
    {
        var b = new OnnxBuilder(1, 3);
        string q = b.Quant("x", 0.25f, 4);
        string sum = b.Node("Add", [b.Node("MatMul", [q, b.Weights(3, 2)]), b.Node("Mul", [b.Node("Gather", [q, b.Integers(0, 2)], OnnxBuilder.Int("axis", 1)), b.Constant([], 3)])]);
        Assert.Equal(0, Agreement.Check(b.Build(sum), 3).Bootstraps);
    }

    [Fact]
    public void Scales_without_a_common_step_are_refused_by_name()
    {
        var b = new OnnxBuilder(1, 3);
        string q = b.Quant("x", 0.25f, 8);
        string left = b.Quant(b.Node("MatMul", [q, b.Weights(3, 3)]), 0.001f * MathF.E, 8), right = b.Quant(b.Node("MatMul", [q, b.Weights(3, 3)]), 10, 8);
        string message = Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(b.Build(b.Node("Add", [left, right])), "t")).Message;
        Assert.Contains("'add", message, StringComparison.Ordinal);
        Assert.Contains("one scale", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rounded_ratio_is_said()
    {
        var b = new OnnxBuilder(1, 2);
        string q = b.Quant("x", 0.25f, 2);
        string left = b.Quant(b.Node("MatMul", [q, b.Weights(2, 2)]), 0.5f, 2), right = b.Quant(b.Node("MatMul", [q, b.Weights(2, 2)]), 0.5f * MathF.Sqrt(2), 2);
        CompiledCircuit compiled = ModelCompiler.Compile(b.Build(b.Node("Add", [left, right])), "t", new CompileOptions());
        Assert.Contains("rounded", Assert.Single(compiled.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 5)]
    public void Products_are_exact(int zeroLeft, int zeroRight)
    {
        var b = new OnnxBuilder(1, 4);
        string q = b.Quant("x", 0.25f, 4);
        string left = b.Quant(b.Node("MatMul", [q, b.Weights(4, 3)]), 0.5f, 3, zeroPoint: zeroLeft);
        string right = b.Quant(b.Node("MatMul", [q, b.Weights(4, 3)]), 0.25f, 4, signed: false, zeroPoint: zeroRight);
        FheCircuit circuit = Agreement.Check(b.Build(b.Node("Mul", [left, right])), 4);
        Assert.Equal(3 + 3 + 6, circuit.Bootstraps);
    }

    [Fact]
    public void A_product_by_a_broadcast_tensor_gates_channels()
    {
        var b = new OnnxBuilder(1, 2, 2, 2);
        string q = b.Quant("x", 0.5f, 3);
        string gate = b.Quant(b.Node("HardSigmoid", [b.Node("GlobalAveragePool", [q])]), 0.25f, 2, signed: false);
        _ = Agreement.Check(b.Build(b.Quant(b.Node("Mul", [q, gate]), 0.25f, 4)), 8);
    }

    [Theory]
    [InlineData("Max")]
    [InlineData("Min")]
    public void Extremes_of_two_take_one_bootstrap_a_pair(string op)
    {
        var b = new OnnxBuilder(1, 4);
        string[] parts = b.Nodes("Split", [b.Quant("x", 0.25f, 4)], 2, OnnxBuilder.Int("axis", 1));
        Assert.Equal(2, Agreement.Check(b.Build(b.Node(op, parts)), 4).Bootstraps);
    }

    [Theory]
    [InlineData("Sum")]
    [InlineData("Mean")]
    [InlineData("Max")]
    public void Several_tensors(string op)
    {
        var b = new OnnxBuilder(1, 6);
        string[] parts = b.Nodes("Split", [b.Quant("x", 0.25f, 4)], 3, OnnxBuilder.Int("axis", 1));
        _ = Agreement.Check(b.Build(b.Node(op, parts)), 6);
    }

    [Fact]
    public void Two_products_of_two_encrypted_tensors_are_refused_by_node()
    {
        var b = new OnnxBuilder(1, 2);
        string q = b.Quant("x", 0.25f, 4);
        byte[] model = b.Build(b.Node("MatMul", [q, b.Node("Transpose", [q])]));
        Assert.Contains("weights must be constant", Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(model, "t")).Message, StringComparison.Ordinal);
    }
}
