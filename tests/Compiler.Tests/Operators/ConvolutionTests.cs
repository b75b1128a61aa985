using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests.Operators;

/// <summary>Convolutions and their transposes, in one and two dimensions.</summary>
public class ConvolutionTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("strides", "strides=2,1")]
    [InlineData("pads at one end", "pads=0,1,2,0")]
    [InlineData("dilation", "dilations=2,1")]
    [InlineData("stride, pads and dilation", "strides=2,2", "pads=1,1,1,1", "dilations=1,2")]
    [InlineData("same, upper", "auto_pad=SAME_UPPER", "strides=2,2")]
    [InlineData("same, lower", "auto_pad=SAME_LOWER", "strides=2,2")]
    [InlineData("valid", "auto_pad=VALID", "strides=1,2")]
    public void Two_dimensions(string what, params string[] settings)
    {
        Assert.NotEmpty(what);
        var b = new OnnxBuilder(1, 2, 5, 6);
        string y = b.Node("Conv", [b.Quant("x", 0.25f, 4), b.Weights(3, 2, 3, 2), b.Constant([3], 0.5f, -1, 0.125f)], Settings(settings));
        _ = Agreement.Check(b.Build(y), 60);
    }

    [Theory]
    [InlineData]
    [InlineData("strides=2", "pads=2,1")]
    [InlineData("dilations=3")]
    [InlineData("auto_pad=SAME_UPPER", "strides=2")]
    public void One_dimension(params string[] settings)
    {
        var b = new OnnxBuilder(1, 2, 9);
        _ = Agreement.Check(b.Build(b.Node("Conv", [b.Quant("x", 0.25f, 4), b.Weights(2, 2, 3)], Settings(settings))), 18);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Groups_and_depthwise(int groups)
    {
        var b = new OnnxBuilder(1, 4, 4, 4);
        string y = b.Node("Conv", [b.Quant("x", 0.25f, 3), b.Weights(8, 4 / groups, 2, 2)], OnnxBuilder.Int("group", groups), OnnxBuilder.Ints("pads", 1, 0, 0, 1));
        _ = Agreement.Check(b.Build(y), 64);
    }

    [Fact]
    public void Weights_with_a_scale_a_channel_and_a_zero_point_at_the_input_with_padding()
    {
        var b = new OnnxBuilder(1, 1, 4, 4);
        string w = b.NodeIn(
            "qonnx.custom_op.general",
            "Quant",
            [b.Constant([2, 1, 3, 3], [.. Enumerable.Range(0, 18).Select(i => (i % 7) - 3f)]), b.Constant([2, 1, 1, 1], 0.5f, 0.75f), b.Constant([], 0), b.Constant([], 4)],
            OnnxBuilder.Int("signed", 1));
        string q = b.Quant("x", 0.25f, 4, signed: false, zeroPoint: 5);
        string y = b.Quant(b.Node("Relu", [b.Node("Conv", [q, w], OnnxBuilder.Ints("pads", 1, 1, 1, 1))]), 0.5f, 4, signed: false, zeroPoint: 2);
        FheCircuit circuit = Agreement.Check(b.Build(y), 16);
        Assert.Equal(32, circuit.Bootstraps);
    }

    [Theory]
    [InlineData]
    [InlineData("strides=2,2")]
    [InlineData("strides=2,3", "pads=1,0,1,1")]
    [InlineData("strides=2,2", "output_padding=1,1", "pads=1,1,1,1")]
    [InlineData("dilations=2,1", "strides=1,2")]
    [InlineData("strides=2,2", "auto_pad=SAME_UPPER")]
    [InlineData("strides=2,2", "auto_pad=SAME_LOWER")]
    [InlineData("strides=2,2", "output_shape=7,8")]
    [InlineData("strides=2,2", "group=2")]
    public void Transposed(params string[] settings)
    {
        var b = new OnnxBuilder(1, 2, 3, 4);
        string w = settings.Contains("group=2") ? b.Weights(2, 1, 3, 3) : b.Weights(2, 2, 3, 3);
        string y = b.Node("ConvTranspose", [b.Quant("x", 0.25f, 4), w, b.Constant([2], 0.5f, -1)], Settings(settings));
        _ = Agreement.Check(b.Build(y), 24);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(1, 3)]
    public void Kernels_that_do_not_fit_are_refused(int inputs, int groups)
    {
        var b = new OnnxBuilder(1, 2, 4, 4);
        byte[] model = b.Build(b.Node("Conv", [b.Quant("x", 1, 3), b.Weights(2, inputs, 2, 2)], OnnxBuilder.Int("group", groups)));
        Assert.Contains("in " + groups + " groups", Assert.Throws<InvalidModelException>(() => ModelCompiler.Compile(model, "t")).Message, StringComparison.Ordinal);
    }

    private static AttributeProto[] Settings(string[] settings) => [.. settings.Select(s => s.Split('=')).Select(s => s[0] switch
    {
        "auto_pad" => OnnxBuilder.Text(s[0], s[1]),
        "group" => OnnxBuilder.Int(s[0], long.Parse(s[1], System.Globalization.CultureInfo.InvariantCulture)),
        _ => OnnxBuilder.Ints(s[0], [.. s[1].Split(',').Select(v => long.Parse(v, System.Globalization.CultureInfo.InvariantCulture))]),
    })];
}
