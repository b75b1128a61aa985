using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests.Operators;

/// <summary>Functions at the end of a model that the client computes.</summary>
public class ClientEndTests
{
    [Theory]
    [InlineData("Softmax", 13, -1L)]
    [InlineData("Softmax", 11, 1L)]
    [InlineData("LogSoftmax", 13, 1L)]
    [InlineData("ArgMax", 13, 1L)]
    [InlineData("ArgMin", 13, -1L)]
    public void One_output(string op, int opset, long axis)
    {
        OnnxBuilder b = new OnnxBuilder(1, 4).WithOpset(opset);
        FheCircuit circuit = Agreement.Check(b.Build(b.Node(op, [b.Node("MatMul", [b.Quant("x", 0.25f, 4), b.Weights(4, 5)])], OnnxBuilder.Int("axis", axis))), 4);
        Assert.Equal(0, circuit.Bootstraps);
        Assert.NotNull(circuit.Output.Operation);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_largest_of_several(int which)
    {
        var b = new OnnxBuilder(1, 4);
        string[] y = b.Nodes("TopK", [b.Node("MatMul", [b.Quant("x", 0.25f, 4), b.Weights(4, 5)]), b.Integers(2)], 2);
        Assert.Equal([2], Agreement.Check(b.Build(y[which]), 4).Output.ResultShape);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_index_may_drop_its_axis(long keep)
    {
        var b = new OnnxBuilder(1, 2, 3);
        FheCircuit circuit = Agreement.Check(b.Build(b.Node("ArgMax", [b.Quant("x", 0.25f, 4)], OnnxBuilder.Int("axis", 2), OnnxBuilder.Int("keepdims", keep))), 6);
        Assert.Equal(keep == 1 ? [2, 1] : [2], circuit.Output.ResultShape);
    }

    [Fact]
    public void What_follows_is_refused()
    {
        var b = new OnnxBuilder(1, 4);
        byte[] model = b.Build(b.Node("Mul", [b.Node("Softmax", [b.Quant("x", 0.25f, 4)]), b.Constant([], 2)]));
        Assert.Contains("end of the model", Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(model, "t")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_reads_them_within_a_model_is_refused()
    {
        var b = new OnnxBuilder(1, 2, 4);
        byte[] model = b.Build(b.Node("MatMul", [b.Node("Softmax", [b.Quant("x", 0.25f, 4)]), b.Weights(4, 2)]));
        Assert.Contains("end of the model", Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(model, "t")).Message, StringComparison.Ordinal);
    }
}
