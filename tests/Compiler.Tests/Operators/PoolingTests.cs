using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests.Operators;

/// <summary>Pooling and reductions.</summary>
public class PoolingTests
{
    [Theory]
    [InlineData(2, 1, 0, 0, 0)]
    [InlineData(2, 2, 0, 0, 0)]
    [InlineData(3, 1, 1, 0, 0)]
    [InlineData(3, 1, 1, 1, 0)]
    [InlineData(3, 2, 1, 0, 1)]
    [InlineData(3, 2, 1, 1, 1)]
    [InlineData(2, 3, 0, 0, 1)]
    public void Averages(long kernel, long stride, long pad, long withPadding, long ceil)
    {
        var b = new OnnxBuilder(1, 2, 6, 5);
        string y = b.Node(
            "AveragePool",
            [b.Quant("x", 0.25f, 4)],
            OnnxBuilder.Ints("kernel_shape", kernel, kernel),
            OnnxBuilder.Ints("strides", stride, stride),
            OnnxBuilder.Ints("pads", pad, pad, pad, pad),
            OnnxBuilder.Int("count_include_pad", withPadding),
            OnnxBuilder.Int("ceil_mode", ceil));
        FheCircuit circuit = Agreement.Check(b.Build(y), 60);
        Assert.Equal(0, circuit.Bootstraps);
    }

    [Theory]
    [InlineData("SAME_UPPER", 0)]
    [InlineData("SAME_LOWER", 0)]
    [InlineData("SAME_UPPER", 1)]
    public void Averages_with_automatic_padding(string auto, long withPadding)
    {
        var b = new OnnxBuilder(1, 1, 5, 4);
        string y = b.Node("AveragePool", [b.Quant("x", 0.25f, 4)], OnnxBuilder.Ints("kernel_shape", 3, 2), OnnxBuilder.Ints("strides", 2, 1), OnnxBuilder.Text("auto_pad", auto), OnnxBuilder.Int("count_include_pad", withPadding));
        _ = Agreement.Check(b.Build(y), 20);
    }

    [Theory]
    [InlineData(2, 2, 0, 0, 1)]
    [InlineData(3, 2, 1, 0, 1)]
    [InlineData(3, 2, 0, 1, 1)]
    [InlineData(3, 1, 1, 0, 2)]
    [InlineData(2, 1, 0, 0, 1)]
    public void Maxima(long kernel, long stride, long pad, long ceil, long dilation)
    {
        var b = new OnnxBuilder(1, 2, 6, 7);
        string y = b.Node(
            "MaxPool",
            [b.Quant("x", 0.25f, 4)],
            OnnxBuilder.Ints("kernel_shape", kernel, kernel),
            OnnxBuilder.Ints("strides", stride, stride),
            OnnxBuilder.Ints("pads", pad, pad, pad, pad),
            OnnxBuilder.Ints("dilations", dilation, dilation),
            OnnxBuilder.Int("ceil_mode", ceil));
        _ = Agreement.Check(b.Build(y), 84);
    }

    [Theory]
    [InlineData("GlobalAveragePool")]
    [InlineData("GlobalMaxPool")]
    public void Whole_planes(string op)
    {
        var b = new OnnxBuilder(1, 2, 3, 3);
        string h = b.Node("Relu", [b.Node("Conv", [b.Quant("x", 0.25f, 4), b.Weights(2, 2, 1, 1)])]);
        _ = Agreement.Check(b.Build(b.Node(op, [b.Quant(h, 0.5f, 4, signed: false)])), 18);
    }

    [Theory]
    [InlineData("ReduceSum", 13, 1, new long[] { 1 })]
    [InlineData("ReduceSum", 13, 0, new long[] { -1, 2 })]
    [InlineData("ReduceSum", 11, 0, new long[] { 1, 3 })]
    [InlineData("ReduceMean", 13, 1, new long[] { 2, 3 })]
    [InlineData("ReduceMean", 18, 0, new long[] { 1 })]
    [InlineData("ReduceMean", 18, 1, new long[0])]
    [InlineData("ReduceMax", 13, 0, new long[] { 1 })]
    [InlineData("ReduceMax", 18, 1, new long[] { -1 })]
    [InlineData("ReduceMin", 18, 0, new long[] { 2 })]
    public void Reductions(string op, int opset, long keep, long[] axes)
    {
        OnnxBuilder b = new OnnxBuilder(1, 2, 3, 4).WithOpset(opset);
        string q = b.Quant("x", 0.25f, 4);
        bool asInput = opset >= (op == "ReduceSum" ? 13 : 18);
        string y = asInput && axes.Length > 0
            ? b.Node(op, [q, b.Integers(axes)], OnnxBuilder.Int("keepdims", keep))
            : b.Node(op, [q], axes.Length == 0 ? [OnnxBuilder.Int("keepdims", keep)] : [OnnxBuilder.Ints("axes", axes), OnnxBuilder.Int("keepdims", keep)]);
        _ = Agreement.Check(b.Build(y), 24);
    }

    [Fact]
    public void A_reduction_of_no_axes_may_do_nothing()
    {
        OnnxBuilder b = new OnnxBuilder(1, 2, 3).WithOpset(18);
        _ = Agreement.Check(b.Build(b.Node("ReduceMean", [b.Quant("x", 0.25f, 4)], OnnxBuilder.Int("noop_with_empty_axes", 1))), 6);
    }

    /// <summary>Two by two costs three comparisons; three by three in a row shares columns, so that an output costs less than eight.</summary>
    [Theory]
    [InlineData(2, 2, 4 * 3)]
    [InlineData(3, 1, (4 * 2 * 2) + (2 * 2 * 2))]
    public void Maxima_take_the_fewest_bootstraps(long kernel, long stride, int bootstraps)
    {
        var b = new OnnxBuilder(1, 1, 4, 4);
        string y = b.Node("MaxPool", [b.Quant("x", 0.25f, 4)], OnnxBuilder.Ints("kernel_shape", kernel, kernel), OnnxBuilder.Ints("strides", stride, stride));
        Assert.Equal(bootstraps, Agreement.Check(b.Build(y), 16).Bootstraps);
    }

    [Fact]
    public void Indices_of_maxima_are_refused()
    {
        var b = new OnnxBuilder(1, 1, 4, 4);
        string[] y = b.Nodes("MaxPool", [b.Quant("x", 0.25f, 4)], 2, OnnxBuilder.Ints("kernel_shape", 2, 2));
        Assert.Contains("indices", Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(b.Build(y[0]), "t")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Maxima_are_looked_up_once_more_before_a_product(bool quantizedAgain)
    {
        var b = new OnnxBuilder(1, 2, 4, 4);
        string pooled = b.Node("MaxPool", [b.Quant("x", 0.5f, 4)], OnnxBuilder.Ints("kernel_shape", 2, 2), OnnxBuilder.Ints("strides", 2, 2));
        string read = quantizedAgain ? b.Quant(pooled, 1, 3) : pooled;
        string one = b.Node("Conv", [read, b.Weights(2, 2, 2, 2)]), other = b.Node("Conv", [read, b.Quant(b.Constant([2, 2, 2, 2], [.. Enumerable.Range(0, 16).Select(i => (i % 5) - 2f)]), 1, 4)]);
        FheCircuit circuit = Agreement.Check(b.Build(b.Node("Concat", [one, other], OnnxBuilder.Int("axis", 1))), 32);

        // Three comparisons a window, and one look-up of each maximum for both products.
        Assert.Equal((3 * 8) + 8, circuit.Bootstraps);
    }

    [Fact]
    public void Maxima_that_leave_are_not_looked_up_again()
    {
        var b = new OnnxBuilder(1, 2, 4, 4);
        string pooled = b.Node("MaxPool", [b.Quant("x", 0.5f, 4)], OnnxBuilder.Ints("kernel_shape", 2, 2), OnnxBuilder.Ints("strides", 2, 2));
        Assert.Equal(3 * 8, Agreement.Check(b.Build(pooled), 32).Bootstraps);
    }
}
