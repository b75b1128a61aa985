using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Compiler.Tests.Quantization;

/// <summary>How well a quantized network follows its float model.</summary>
internal static class Fidelity
{
    /// <summary>The root mean square of the circuit's errors on fresh samples, relative to the spread of the float outputs.</summary>
    public static double RelativeError(byte[] onnx, FheCircuit circuit, float[][] samples)
    {
        using var reference = new ReferenceModel(onnx);
        var executor = new ClearExecutor(circuit);
        double error = 0, sum = 0, squares = 0;
        long count = 0;
        foreach (float[] sample in samples)
        {
            float[] exact = reference.Run(sample), integers = circuit.Output.Finish(executor.Run(circuit.Input.Quantize(sample)));
            Assert.Equal(exact.Length, integers.Length);
            for (int i = 0; i < exact.Length; i++)
            {
                error += Math.Pow(exact[i] - integers[i], 2);
                sum += exact[i];
                squares += (double)exact[i] * exact[i];
                count++;
            }
        }

        return Math.Sqrt(error / (squares - (sum * sum / count)));
    }

    /// <summary>Quantizes, compiles and measures.</summary>
    public static double OfPostTraining(byte[] onnx, float[][] calibration, float[][] fresh, PostTrainingOptions options) =>
        RelativeError(onnx, ModelCompiler.Compile(PostTrainingQuantizer.Quantize(onnx, calibration, options).Onnx, "net"), fresh);
}
