using BlindGrain.Compiler.Data;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Tests;

namespace BlindGrain.Compiler.Tests;

/// <summary>TFC_2W2A, a public QONNX model (784-64-64-64-10, ternary weights and activations), on the MNIST test images.</summary>
public class TfcTests
{
    [Fact]
    public void The_clear_circuit_scores_the_published_accuracy_with_the_known_accumulators()
    {
        FheCircuit circuit = ModelCompiler.CompileFile(SharedData.FileOrSkip("models/TFC_2W2A.onnx"));
        float[][] images = IdxReader.ReadImages(SharedData.FileOrSkip("data/mnist/t10k-images-idx3-ubyte.gz"));
        int[] labels = IdxReader.ReadLabels(SharedData.FileOrSkip("data/mnist/t10k-labels-idx1-ubyte.gz"));
        Assert.Equal(192, circuit.Bootstraps);
        Assert.Equal(10_000, images.Length);

        int[] linear = [.. Enumerable.Range(0, circuit.Steps.Count).Where(s => circuit.Steps[s] is LinearStep)];
        var min = new long[linear.Length];
        var max = new long[linear.Length];
        var executor = new ClearExecutor(circuit);
        int right = 0;
        object gate = new();
        _ = Parallel.For(0, images.Length, i =>
        {
            long[][] values = executor.RunAll(circuit.Input.Quantize(images[i]));
            float[] logits = circuit.Output.Dequantize(values[circuit.Output.Value]);
            lock (gate)
            {
                right += Array.IndexOf(logits, logits.Max()) == labels[i] ? 1 : 0;
                for (int l = 0; l < linear.Length; l++)
                {
                    min[l] = Math.Min(min[l], values[linear[l] + 1].Min());
                    max[l] = Math.Max(max[l], values[linear[l] + 1].Max());
                }
            }
        });
        Assert.Equal([-166, -35, -33, -38], min);
        Assert.Equal([174, 36, 35, 61], max);
        Assert.Equal(9660, right);
    }

    [Fact]
    public void All_that_compiling_allocates_stays_below_2_GiB()
    {
        string path = SharedData.FileOrSkip("models/TFC_2W2A.onnx");
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = ModelCompiler.CompileFile(path);

        // No garbage is counted off: a bound of the peak that no other test disturbs.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2L << 30);
    }

    [Fact]
    public void Worst_case_ranges_hold_what_the_images_reach()
    {
        FheCircuit circuit = ModelCompiler.CompileFile(SharedData.FileOrSkip("models/TFC_2W2A.onnx"));

        // With ternary inputs the worst case of a neuron is the number of its non-zero weights, either way.
        long[] widest = [.. circuit.Steps.Select((step, s) => (step, s)).Where(t => t.step is LinearStep).Select(t => circuit.Ranges[t.s + 1].Max(r => r.Max))];
        Assert.Equal([311, 53, 55, 61], widest);
    }

    [Fact]
    public void The_circuit_agrees_with_ONNX_Runtime_on_the_rewritten_model()
    {
        byte[] onnx = File.ReadAllBytes(SharedData.FileOrSkip("models/TFC_2W2A.onnx"));
        FheCircuit circuit = ModelCompiler.Compile(onnx, "tfc");
        float[][] images = IdxReader.ReadImages(SharedData.FileOrSkip("data/mnist/t10k-images-idx3-ubyte.gz"));
        using var reference = new ReferenceModel(onnx);
        var executor = new ClearExecutor(circuit);
        for (int i = 0; i < 200; i++)
        {
            float[] expected = reference.Run(images[i]);
            float[] actual = circuit.Output.Dequantize(executor.Run(circuit.Input.Quantize(images[i])));
            for (int c = 0; c < expected.Length; c++)
            {
                Assert.Equal(expected[c], actual[c], 1e-4f);
            }
        }
    }
}
