using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests.Operators;

/// <summary>Functions of single elements, each a table.</summary>
public class ElementwiseTests
{
    [Theory]
    [InlineData("Relu")]
    [InlineData("LeakyRelu", "alpha=0.3")]
    [InlineData("ThresholdedRelu", "alpha=0.7")]
    [InlineData("Elu", "alpha=0.8")]
    [InlineData("Celu", "alpha=1.5")]
    [InlineData("Selu")]
    [InlineData("Erf")]
    [InlineData("Sigmoid")]
    [InlineData("HardSigmoid", "alpha=0.3")]
    [InlineData("HardSwish")]
    [InlineData("Mish")]
    [InlineData("Tanh")]
    [InlineData("Softplus")]
    [InlineData("Softsign")]
    [InlineData("Sign")]
    [InlineData("Abs")]
    [InlineData("Neg")]
    [InlineData("Exp")]
    [InlineData("Floor")]
    [InlineData("Ceil")]
    [InlineData("Round")]
    [InlineData("Sin")]
    [InlineData("Cos")]
    [InlineData("Tan")]
    [InlineData("Atan")]
    [InlineData("Sinh")]
    [InlineData("Cosh")]
    [InlineData("Asinh")]
    [InlineData("Gelu")]
    [InlineData("Shrink", "lambd=0.5")]
    public void Of_any_number(string op, params string[] settings)
    {
        OnnxBuilder b = new OnnxBuilder(1, 3).WithOpset(20);
        Check(b, b.Node(op, [Product(b)], Settings(settings)));
    }

    [Theory]
    [InlineData("Log", 0.125f, 1)]
    [InlineData("Sqrt", 0, 1)]
    [InlineData("Reciprocal", 0.5f, 1)]
    [InlineData("Acosh", 1, 1)]
    [InlineData("Acos", 0, 0.05f)]
    [InlineData("Asin", 0, 0.05f)]
    [InlineData("Atanh", 0, 0.04f)]
    public void Of_numbers_in_a_range(string op, float least, float factor)
    {
        var b = new OnnxBuilder(1, 3);
        string x = b.Node("Add", [b.Node("Mul", [b.Node("Abs", [Product(b)]), b.Constant([], factor)]), b.Constant([], least)]);
        Check(b, b.Node(op, [x]));
    }

    [Theory]
    [InlineData("Greater")]
    [InlineData("GreaterOrEqual")]
    [InlineData("Less")]
    [InlineData("LessOrEqual")]
    [InlineData("Equal")]
    public void Comparisons_with_constants(string op)
    {
        OnnxBuilder b = new OnnxBuilder(1, 3).WithOpset(16);
        string bit = b.Node(op, [Product(b), b.Constant([3], 0.5f, 0, -0.25f)]);
        string chosen = b.Node("Where", [b.Node("Not", [bit]), b.Constant([3], 1, 2, 3), b.Constant([], -1)]);
        Assert.Equal(3, Agreement.Check(b.Build(chosen), 3).Bootstraps);
        _ = Agreement.Check(b.Build(b.Node("MatMul", [b.Node("Cast", [bit], OnnxBuilder.Int("to", 1)), b.Weights(3, 2)])), 3);
    }

    [Theory]
    [InlineData("And")]
    [InlineData("Or")]
    [InlineData("Xor")]
    public void Intervals_are_one_look_up(string op)
    {
        var b = new OnnxBuilder(1, 3);
        string x = Product(b);
        string within = b.Node(op, [b.Node("Greater", [x, b.Constant([], -0.5f)]), b.Node("Less", [x, b.Constant([], 0.75f)])]);
        Assert.Equal(3, Agreement.Check(b.Build(b.Node("Cast", [within], OnnxBuilder.Int("to", 1))), 3).Bootstraps);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(0.5f)]
    public void Powers_by_a_constant(float exponent)
    {
        var b = new OnnxBuilder(1, 3);
        Check(b, b.Node("Pow", [b.Node("Abs", [Product(b)]), b.Constant([], exponent)]));
    }

    [Fact]
    public void A_slope_a_channel()
    {
        var b = new OnnxBuilder(1, 3);
        Check(b, b.Node("PRelu", [Product(b), b.Constant([3], 0.5f, -0.25f, 2)]));
    }

    [Fact]
    public void Bounds_of_Clip_may_be_inputs_attributes_or_left_out()
    {
        var b = new OnnxBuilder(1, 3);
        Check(b, b.Node("Clip", [Product(b), b.Constant([], -0.5f), b.Constant([], 1)]));
        b = new OnnxBuilder(1, 3);
        Check(b, b.Node("Clip", [Product(b), "", b.Constant([], 1)]));
        b = new OnnxBuilder(1, 3).WithOpset(10);
        Check(b, b.Node("Clip", [Product(b)], OnnxBuilder.Float("min", -1), OnnxBuilder.Float("max", 0.5f)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(11)]
    public void Casts(long type)
    {
        var b = new OnnxBuilder(1, 3);
        string cast = b.Node("Cast", [b.Node("Cast", [Product(b)], OnnxBuilder.Int("to", type))], OnnxBuilder.Int("to", 1));
        Check(b, cast);
    }

    [Fact]
    public void A_constant_on_either_side()
    {
        foreach (string op in new[] { "Sub", "Div" })
        {
            var b = new OnnxBuilder(1, 3);
            Check(b, b.Node(op, [b.Constant([3], 1, 2, 3), b.Node("Add", [b.Node("Abs", [Product(b)]), b.Constant([], 0.5f)])]));
        }
    }

    [Fact]
    public void A_table_with_what_is_not_a_number_is_refused_by_node()
    {
        var b = new OnnxBuilder(1, 3);
        byte[] model = b.Build(b.Node("MatMul", [b.Quant(b.Node("Log", [Product(b)]), 0.5f, 4), b.Weights(3, 2)]));
        Assert.Contains("not a number", Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(model, "t")).Message, StringComparison.Ordinal);
    }

    private static string Product(OnnxBuilder b) => b.Node("MatMul", [b.Quant("x", 0.5f, 3), b.Weights(3, 3)]);

    private static void Check(OnnxBuilder b, string function)
    {
        FheCircuit circuit = Agreement.Check(b.Build(b.Quant(function, 0.13f, 6)), 3);
        Assert.Equal(3, circuit.Bootstraps);
    }

    private static AttributeProto[] Settings(string[] settings) => [.. settings.Select(s => s.Split('=')).Select(s => OnnxBuilder.Float(s[0], float.Parse(s[1], System.Globalization.CultureInfo.InvariantCulture)))];
}
