using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests.Operators;

/// <summary>Operators that move elements, on encrypted tensors and before the quantizer; none costs a bootstrap.</summary>
public class MovementTests
{
    public static TheoryData<string> Movements => new("Transpose", "Reshape", "ReshapeZero", "Flatten", "Slice", "SliceStep", "SliceAttributes", "Gather", "GatherNegative", "Squeeze", "Unsqueeze", "Expand", "Tile", "DepthToSpace", "Split", "SplitSizes", "Identity", "Dropout", "Resize");

    [Theory]
    [MemberData(nameof(Movements))]
    public void On_encrypted_tensors(string what)
    {
        var b = new OnnxBuilder(1, 4, 2, 3);
        Assert.Equal(0, Agreement.Check(b.Build(Move(b, what, b.Quant("x", 0.25f, 4))), 24).Bootstraps);
    }

    [Theory]
    [MemberData(nameof(Movements))]
    public void On_the_input_before_its_quantizer(string what)
    {
        var b = new OnnxBuilder(1, 4, 2, 3);
        Assert.Equal(0, Agreement.Check(b.Build(b.Quant(Move(b, what, b.Node("Mul", ["x", b.Constant([3], 1, 2, 0.5f)])), 0.25f, 4)), 24).Bootstraps);
    }

    [Theory]
    [InlineData("constant")]
    [InlineData("edge")]
    [InlineData("reflect")]
    public void Pad(string mode)
    {
        var b = new OnnxBuilder(1, 2, 3, 3);
        string[] inputs = [b.Quant("x", 0.25f, 4), b.Integers(0, 0, 1, 0, 0, 0, 1, 2), .. mode == "constant" ? new[] { b.Constant([], -0.5f) } : []];
        _ = Agreement.Check(b.Build(b.Node("Pad", inputs, OnnxBuilder.Text("mode", mode))), 18);
    }

    [Fact]
    public void Pad_by_attributes()
    {
        OnnxBuilder b = new OnnxBuilder(1, 2, 3).WithOpset(10);
        _ = Agreement.Check(b.Build(b.Node("Pad", [b.Quant("x", 0.25f, 4)], OnnxBuilder.Ints("pads", 0, 0, 1, 0, 1, 0), OnnxBuilder.Float("value", 0.25f))), 6);
    }

    [Fact]
    public void Concat_of_tensors_of_different_scales_and_a_constant()
    {
        var b = new OnnxBuilder(1, 3);
        string q = b.Quant("x", 0.25f, 4);
        string h = b.Quant(b.Node("Relu", [b.Node("MatMul", [q, b.Weights(3, 2)])]), 0.5f, 3, signed: false);
        string joined = b.Node("Concat", [q, h, b.Constant([1, 1], 0.75f)], OnnxBuilder.Int("axis", 1));
        _ = Agreement.Check(b.Build(joined), 3);
        _ = Agreement.Check(b.Build(b.Node("MatMul", [joined, b.Weights(6, 2)])), 3);
    }

    [Fact]
    public void Parts_of_the_input_may_be_quantized_apart()
    {
        var b = new OnnxBuilder(1, 4);
        string[] parts = b.Nodes("Split", ["x"], 2, OnnxBuilder.Int("axis", 1));
        string left = b.Quant(parts[0], 0.25f, 4), right = b.Quant(parts[1], 0.5f, 4, zeroPoint: 2);
        FheCircuit circuit = Agreement.Check(b.Build(b.Node("Sub", [left, right])), 4);
        Assert.Equal(4, circuit.Input.Multiplier.Length);
    }

    [Theory]
    [InlineData("bilinear", "bilinear")]
    [InlineData("linear", "linear")]
    public void Resizing_by_anything_but_repetition_is_refused(string mode, string named)
    {
        var b = new OnnxBuilder(1, 1, 2, 2);
        string y = b.Node("Resize", [b.Quant("x", 1, 3), "", b.Constant([4], 1, 1, 2, 2)], OnnxBuilder.Text("mode", mode));
        Assert.Contains(named, Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(b.Build(y), "t")).Message, StringComparison.Ordinal);
    }

    private static string Move(OnnxBuilder b, string what, string x) => what switch
    {
        "Transpose" => b.Node("Transpose", [x], OnnxBuilder.Ints("perm", 0, 2, 3, 1)),
        "Reshape" => b.Node("Reshape", [x, b.Integers(1, -1, 4)]),
        "ReshapeZero" => b.Node("Reshape", [x, b.Integers(0, 0, -1)]),
        "Flatten" => b.Node("Flatten", [x], OnnxBuilder.Int("axis", 2)),
        "Slice" => b.Node("Slice", [x, b.Integers(1), b.Integers(int.MaxValue), b.Integers(1)]),
        "SliceStep" => b.Node("Slice", [x, b.Integers(-1, 0), b.Integers(-100, 3), b.Integers(1, 3), b.Integers(-2, 2)]),
        "SliceAttributes" => b.WithOpset(9).Node("Slice", [x], OnnxBuilder.Ints("starts", 1), OnnxBuilder.Ints("ends", 3), OnnxBuilder.Ints("axes", 1)),
        "Gather" => b.Node("Gather", [x, b.Integers(3, 0, 0)], OnnxBuilder.Int("axis", 1)),
        "GatherNegative" => b.Node("Gather", [x, b.Integers(-1)], OnnxBuilder.Int("axis", -1)),
        "Squeeze" => b.Node("Squeeze", [b.Node("Gather", [x, b.Integers(1)], OnnxBuilder.Int("axis", 1)), b.Integers(1)]),
        "Unsqueeze" => b.Node("Unsqueeze", [x, b.Integers(1)]),
        "Expand" => b.Node("Expand", [b.Node("Gather", [x, b.Integers(1)], OnnxBuilder.Int("axis", 2)), b.Integers(1, 4, 3, 3)]),
        "Tile" => b.Node("Tile", [x, b.Integers(1, 1, 2, 1)]),
        "DepthToSpace" => b.Node("DepthToSpace", [x], OnnxBuilder.Int("blocksize", 2)),
        "Split" => b.Nodes("Split", [x], 2, OnnxBuilder.Int("axis", 1))[1],
        "SplitSizes" => b.Nodes("Split", [x, b.Integers(1, 3)], 2, OnnxBuilder.Int("axis", 1))[1],
        "Resize" => b.Node("Resize", [x, "", b.Constant([4], 1, 1, 2, 2)], OnnxBuilder.Text("mode", "nearest"), OnnxBuilder.Text("coordinate_transformation_mode", "asymmetric"), OnnxBuilder.Text("nearest_mode", "floor")),
        _ => b.Node(what, [x]),
    };
}
