using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests;

/// <summary>What costs a bootstrap and what does not.</summary>
public class FusingTests
{
    [Theory]
    [InlineData("Add", "Sigmoid")]
    [InlineData("Mul", "Sigmoid")]
    [InlineData("Sub", "Tanh")]
    [InlineData("Max", "Sin")]
    public void Arms_of_one_tensor_fuse_to_one_look_up(string join, string arm)
    {
        var b = new OnnxBuilder(1, 3);
        string x = b.Node("MatMul", [b.Quant("x", 0.5f, 3), b.Weights(3, 4)]);
        string joined = b.Node(join, [b.Node("Relu", [x]), b.Node(arm, [b.Node("Mul", [x, b.Constant([], 0.7f)])])]);
        string y = b.Node("MatMul", [b.Quant(joined, 0.13f, 5), b.Weights(4, 2)]);
        Assert.Equal(4, Agreement.Check(b.Build(y), 3).Bootstraps);
    }

    [Fact]
    public void Arms_that_meet_again_after_being_moved_alike_fuse_too()
    {
        var b = new OnnxBuilder(1, 4);
        string x = b.Node("MatMul", [b.Quant("x", 0.5f, 3), b.Weights(4, 4)]);
        string left = b.Node("Transpose", [b.Node("Reshape", [b.Node("Sigmoid", [x]), b.Integers(2, 2)])]);
        string right = b.Node("Transpose", [b.Node("Reshape", [x, b.Integers(2, 2)])]);
        Assert.Equal(4, Agreement.Check(b.Build(b.Quant(b.Node("Mul", [left, right]), 0.13f, 5)), 4).Bootstraps);
    }

    [Fact]
    public void One_function_of_one_number_is_looked_up_once_however_often_it_is_read()
    {
        var b = new OnnxBuilder(1, 3);
        string h = b.Quant(b.Node("Relu", [b.Node("MatMul", [b.Quant("x", 0.5f, 3), b.Weights(3, 4)])]), 0.5f, 3, signed: false);
        string again = b.Node("Mul", [b.Node("Identity", [h]), b.Constant([], 1)]);
        string y = b.Node("Add", [b.Node("MatMul", [h, b.Weights(4, 2)]), b.Node("MatMul", [again, b.Weights(4, 2)])]);
        Assert.Equal(4, Agreement.Check(b.Build(y), 3).Bootstraps);
    }

    [Fact]
    public void A_quantizer_that_changes_nothing_costs_nothing()
    {
        var b = new OnnxBuilder(1, 3);
        string h = b.Quant(b.Node("Relu", [b.Node("MatMul", [b.Quant("x", 0.5f, 3), b.Weights(3, 4)])]), 0.5f, 3, signed: false);
        string twice = b.Quant(b.Node("Identity", [h]), 0.5f, 3, signed: false);
        Assert.Equal(4, Agreement.Check(b.Build(b.Node("MatMul", [b.Quant(twice, 0.5f, 5), b.Weights(4, 2)])), 3).Bootstraps);
    }

    [Fact]
    public void Linear_operators_in_a_row_cost_nothing()
    {
        var b = new OnnxBuilder(1, 2, 4, 4);
        string conv = b.Node("Conv", [b.Quant("x", 0.5f, 3), b.Weights(2, 2, 2, 2), b.Constant([2], 0.5f, 1)]);
        string pooled = b.Node("AveragePool", [b.Node("BatchNormalization", [conv, b.Constant([2], 1, 1), b.Constant([2], 0, 0), b.Constant([2], 0.5f, 0.25f), b.Constant([2], 1, 1)])], OnnxBuilder.Ints("kernel_shape", 2, 2));
        string flat = b.Node("Flatten", [pooled]);
        Assert.Equal(0, Agreement.Check(b.Build(b.Node("Sub", [b.Node("ReduceSum", [flat, b.Integers(1)]), b.Constant([], 3)])), 32).Bootstraps);
    }

    [Fact]
    public void Channels_with_equal_functions_share_a_table()
    {
        var b = new OnnxBuilder(1, 1, 3, 3);
        string conv = b.Node("Conv", [b.Quant("x", 0.5f, 3), b.Constant([3, 1, 2, 2], [.. Enumerable.Repeat(1f, 12)]), b.Constant([3], 0.5f, 1.5f, 0.5f)]);
        FheCircuit circuit = Agreement.Check(b.Build(b.Quant(b.Node("Relu", [conv]), 0.5f, 4, signed: false)), 9);
        Assert.Equal(12, circuit.Bootstraps);
        Assert.Equal(2, circuit.Steps.OfType<LookupStep>().Single().Tables.Count);
    }

    [Fact]
    public void Elements_that_nothing_reads_are_not_looked_up()
    {
        var b = new OnnxBuilder(1, 3);
        string h = b.Quant(b.Node("MatMul", [b.Quant("x", 0.5f, 3), b.Weights(3, 4)]), 0.5f, 3);
        string part = b.Node("Slice", [h, b.Integers(1), b.Integers(3), b.Integers(1)]);
        Assert.Equal(2, Agreement.Check(b.Build(b.Node("MatMul", [part, b.Weights(2, 2)])), 3).Bootstraps);
    }
}
