using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests.Onnx;

/// <summary>Models of operator sets before 7, whose sums say by attributes how operands align.</summary>
public class OldOperatorsTests
{
    [Fact]
    public void A_convolution_with_an_aligned_bias_and_a_classifier()
    {
        FheCircuit circuit = Agreement.Check(Quantized(6), 18);
        Assert.Equal([3], circuit.Output.Shape);
        FheCircuit today = Agreement.Check(Quantized(13), 18);
        Assert.Equal(today.Bootstraps, circuit.Bootstraps);
        Assert.Equal(today.Output.Scale, circuit.Output.Scale);
    }

    [Fact]
    public void An_operand_that_is_computed_is_refused_by_name()
    {
        var b = new OnnxBuilder(1, 2, 3, 3).WithOpset(6);
        string q = b.Quant("x", 0.5f, 3);
        string y = b.Node("Add", [q, b.Node("Neg", [b.Constant([2], 1, 2)])], OnnxBuilder.Int("broadcast", 1), OnnxBuilder.Int("axis", 1));
        Assert.Contains($"'{y}' (Add) aligns", Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(b.Build(y), "t")).Message, StringComparison.Ordinal);
    }

    private static byte[] Quantized(int opset)
    {
        bool old = opset < 7;
        var b = new OnnxBuilder(1, 2, 3, 3).WithOpset(opset);
        string y = b.Node("Conv", [b.Quant("x", 0.5f, 3), b.Weights(2, 2, 2, 2)]);
        y = old
            ? b.Node("Add", [y, b.Constant([2], 0.5f, -1)], OnnxBuilder.Int("broadcast", 1), OnnxBuilder.Int("axis", 1))
            : b.Node("Add", [y, b.Constant([2, 1, 1], 0.5f, -1)]);
        y = b.Node("PRelu", [y, old ? b.Constant([2], 0.25f, 0.5f) : b.Constant([2, 1, 1], 0.25f, 0.5f)]);
        y = b.Node("BatchNormalization", [y, .. Enumerable.Range(0, 4).Select(i => b.Constant([2], i / 2, 1))], old ? [OnnxBuilder.Int("is_test", 1)] : []);
        y = b.Node("Dropout", [b.Quant(y, 0.5f, 4)], old ? [OnnxBuilder.Int("is_test", 1)] : []);
        y = old ? b.Node("Reshape", [y], OnnxBuilder.Ints("shape", 1, 8)) : b.Node("Reshape", [y, b.Integers(1, 8)]);
        return b.Build(b.Node("Gemm", [y, b.Weights(3, 8), b.Constant([3], 1, 0, -1)], [OnnxBuilder.Int("transB", 1), .. old ? [OnnxBuilder.Int("broadcast", 1)] : Array.Empty<AttributeProto>()]));
    }
}
