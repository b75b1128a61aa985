using System.Text;
using BlindGrain.Compiler.Data;
using BlindGrain.Tests;

namespace BlindGrain.Compiler.Tests;

/// <summary>What cannot become a circuit is refused with a message that helps, never with another exception.</summary>
public class RefusalTests
{
    [Fact]
    public void A_file_that_is_no_ONNX_is_refused()
    {
        foreach (byte[] bytes in new[] { [], Encoding.UTF8.GetBytes("{\"not\": \"onnx\"}"), new byte[1000], [.. Enumerable.Repeat((byte)0xff, 64)] })
        {
            Assert.Contains("no ONNX file", Assert.Throws<InvalidModelException>(() => ModelCompiler.Compile(bytes, "t")).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("LayerNormalization", "BatchNormalization")]
    [InlineData("DynamicQuantizeLinear", "QuantizeLinear")]
    [InlineData("Hardmax", "ArgMax")]
    [InlineData("LSTM", "unroll")]
    [InlineData("Col2Im", "Supported:")]
    public void An_operator_that_is_lacking_is_named_with_what_is_near(string op, string near)
    {
        var b = new OnnxBuilder(1, 3);
        byte[] model = b.Build(b.Node(op, [b.Quant("x", 1, 3)]));
        string message = Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(model, "t")).Message;
        Assert.Contains($"Operator {op} of node", message, StringComparison.Ordinal);
        Assert.Contains(near, message, StringComparison.Ordinal);
        Assert.Contains("BatchNormalization", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Float_weights_and_activations_are_refused_by_node()
    {
        var b = new OnnxBuilder(1, 3);
        string q = b.Quant("x", 1, 3);
        string product = b.Node("MatMul", [q, b.Constant([3, 3], [.. Enumerable.Range(1, 9).Select(i => MathF.Sqrt(i))])]);
        Assert.Contains("float weights", Refusal(b.Build(product)), StringComparison.Ordinal);

        b = new OnnxBuilder(1, 3);
        string w = b.Quant(b.Constant([3, 3], [.. Enumerable.Repeat(1f, 9)]), 1, 2);
        string bent = b.Node("Sigmoid", [b.Node("MatMul", [b.Quant("x", 1, 3), w])]);
        string message = Refusal(b.Build(b.Node("MatMul", [bent, w])));
        Assert.Contains("not quantized", message, StringComparison.Ordinal);
        Assert.Contains("Sigmoid", message, StringComparison.Ordinal);

        b = new OnnxBuilder(1, 3);
        Assert.Contains("the input, which is not quantized", Refusal(b.Build(b.Node("MatMul", ["x", b.Quant(b.Constant([3, 3], new float[9]), 1, 2)]))), StringComparison.Ordinal);

        b = new OnnxBuilder(1, 3);
        w = b.Quant(b.Constant([3, 3], [.. Enumerable.Repeat(1f, 9)]), 1, 2);
        Assert.Contains("not affine", Refusal(b.Build(b.Node("Sigmoid", [b.Node("MatMul", [b.Quant("x", 1, 3), w])]))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_float_model_is_told_what_it_needs()
    {
        string message = Assert.Throws<UnsupportedModelException>(() => ModelCompiler.CompileFile(SharedData.FileOrSkip("models/qonnx_residual_block.onnx"))).Message;
        Assert.Contains("calibration data", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_models_compile_or_are_refused_never_anything_else()
    {
        byte[] sample = File.ReadAllBytes(Path.Combine(SharedData.RepositoryRoot, "samples", "checkerboard.onnx"));
        var random = new Random(2);
        int refused = 0;
        for (int trial = 0; trial < 1500; trial++)
        {
            byte[] damaged = trial < 500 ? sample[..random.Next(sample.Length)] : [.. sample];
            for (int flips = random.Next(1, 6); flips > 0 && damaged.Length > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                _ = ModelCompiler.Compile(damaged, "damaged");
            }
            catch (Exception e) when (e is InvalidModelException or UnsupportedModelException)
            {
                Assert.NotEmpty(e.Message);
                refused++;
            }
        }

        Assert.InRange(refused, 500, 1500);
    }

    [Fact]
    public void Idx_files_are_read_and_garbage_is_refused()
    {
        string path = Path.GetTempFileName();
        try
        {
            byte[] good = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 51, 102, 255];
            File.WriteAllBytes(path, good);
            Assert.Equal([[0f, 0.2f], [0.4f, 1f]], IdxReader.ReadImages(path));
            Assert.Equal([[0f, 51f], [102f, 255f]], IdxReader.ReadImages(path, 1));
            for (int length = 0; length < good.Length; length++)
            {
                File.WriteAllBytes(path, good[..length]);
                _ = Assert.Throws<InvalidDataException>(() => IdxReader.ReadImages(path));
            }

            File.WriteAllBytes(path, [.. good, 0]);
            Assert.Contains("left over", Assert.Throws<InvalidDataException>(() => IdxReader.ReadImages(path)).Message, StringComparison.Ordinal);
            File.WriteAllBytes(path, [0, 0, 8, 1, 0x7f, 0xff, 0xff, 0xff, 1]);
            _ = Assert.Throws<InvalidDataException>(() => IdxReader.ReadLabels(path));
            _ = Assert.Throws<InvalidDataException>(() => IdxReader.ReadImages(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Refusal(byte[] model) => Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(model, "t")).Message;
}
