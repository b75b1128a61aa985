using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Tests;

namespace BlindGrain.Compiler.Tests;

/// <summary>A public residual block of three convolutions, a sum and a maximum over 200 × 200 pixels.</summary>
public class ResidualBlockTests
{
    [Fact]
    public void The_circuit_agrees_with_ONNX_Runtime_on_the_rewritten_model()
    {
        byte[] onnx = File.ReadAllBytes(SharedData.FileOrSkip("models/qonnx_residual_block.onnx"));
        var random = new Random(4);
        float[][] samples = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, 200 * 200).Select(_ => (float)random.NextDouble()).ToArray())];
        PostTrainingOptions options = PostTrainingOptions.Uniform(4) with { Method = CalibrationMethod.MinMax, CorrectBias = false };
        byte[] quantized = PostTrainingQuantizer.Quantize(onnx, samples[..1], options).Onnx;
        FheCircuit circuit = ModelCompiler.Compile(quantized, "block");
        Assert.Equal([14, 12, 12], circuit.Output.Shape);

        // The look-ups after three convolutions, of the sums that the pooling reads, and 15 comparisons a window; the sum's arms share what the first convolution yields.
        int plane = 14 * 49 * 49, read = 14 * 48 * 48, windows = 14 * 12 * 12;
        Assert.Equal((3 * plane) + read + (15 * windows), circuit.Bootstraps);
        using var reference = new ReferenceModel(quantized);
        var executor = new ClearExecutor(circuit);
        foreach (float[] sample in samples)
        {
            float[] expected = reference.Run(sample);
            float[] actual = circuit.Output.Finish(executor.Run(circuit.Input.Quantize(sample)));
            float tolerance = 1e-4f * expected.Max(MathF.Abs);
            Assert.Equal(expected.Length, actual.Length);

            // Sums of floats may fall on either side of a half.
            Assert.InRange(expected.Zip(actual).Count(p => MathF.Abs(p.First - p.Second) > tolerance), 0, expected.Length / 200);
        }
    }
}
