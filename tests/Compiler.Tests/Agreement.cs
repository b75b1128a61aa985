using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Compiler.Tests;

/// <summary>Holds circuits against ONNX Runtime on the rewritten model.</summary>
internal static class Agreement
{
    /// <summary>Compiles a model and compares its clear results with the reference's on random inputs from −3 to 3.</summary>
    /// <param name="onnx">The model.</param>
    /// <param name="length">The length of its input.</param>
    /// <param name="trials">How many inputs.</param>
    public static FheCircuit Check(byte[] onnx, int length, int trials = 100)
    {
        FheCircuit circuit = ModelCompiler.Compile(onnx, "test");
        Assert.Equal(length, circuit.Input.Length);
        using var reference = new ReferenceModel(onnx);
        var executor = new ClearExecutor(circuit);
        var random = new Random(1);
        for (int trial = 0; trial < trials; trial++)
        {
            float[] sample = [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 6) - 3))];
            float[] expected = reference.Run(sample);
            float[] actual = circuit.Output.Finish(executor.Run(circuit.Input.Quantize(sample)));
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], actual[i], 2e-5f);
            }
        }

        return circuit;
    }
}
