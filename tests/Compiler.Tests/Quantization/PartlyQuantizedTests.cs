using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Compiler.Tests.Quantization;

/// <summary>Models whose weights and activations are quantized while the input is not: what QKeras and some of Brevitas write.</summary>
public class PartlyQuantizedTests
{
    [Fact]
    public void Calibration_quantizes_what_was_left_open_and_nothing_else()
    {
        var b = new OnnxBuilder(1, 4);
        string h = b.Quant(b.Node("Relu", [b.Node("MatMul", [b.Node("Mul", ["x", b.Constant([], 0.5f)]), b.Weights(4, 3)])]), 0.25f, 4, signed: false);
        string arm = b.Quant(b.Node("MatMul", [h, b.Node("Transpose", [b.Weights(3, 3)])]), 0.25f, 4);
        byte[] onnx = b.Build(b.Node("MatMul", [b.Node("Add", [h, arm]), b.Weights(3, 2)]));
        Assert.Contains("not quantized", Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(onnx, "t")).Message, StringComparison.Ordinal);

        var random = new Random(5);
        float[][] samples = [.. Enumerable.Range(0, 50).Select(_ => Enumerable.Range(0, 4).Select(_ => (float)((random.NextDouble() * 6) - 3)).ToArray())];
        QuantizedModel quantized = PostTrainingQuantizer.Quantize(onnx, samples, PostTrainingOptions.Uniform(8) with { CorrectBias = false });
        QuantizationPoint point = Assert.Single(quantized.Points);
        Assert.False(point.IsWeight);
        FheCircuit circuit = ModelCompiler.Compile(quantized.Onnx, "t");
        Assert.Equal(6, circuit.Bootstraps);
        using var reference = new ReferenceModel(quantized.Onnx);
        var executor = new ClearExecutor(circuit);
        foreach (float[] sample in samples)
        {
            float[] expected = reference.Run(sample), actual = circuit.Output.Finish(executor.Run(circuit.Input.Quantize(sample)));
            Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-4f));
        }
    }
}
