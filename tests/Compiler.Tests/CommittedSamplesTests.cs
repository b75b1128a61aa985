using BlindGrain.Compiler.Data;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Tests;

namespace BlindGrain.Compiler.Tests;

/// <summary>The trained networks under samples/: each compiles, runs encrypted, and is as good as samples/README.md says.</summary>
public class CommittedSamplesTests
{
    [Theory]
    [InlineData("checkerboard.onnx", 2, 2)]
    [InlineData("iris.onnx", 4, 3)]
    public void Exact_mode_gives_the_clear_integers(string name, int inputs, int classes)
    {
        FheCircuit circuit = Compile(name, inputs, classes);
        int[] sample = circuit.Input.Quantize([.. Enumerable.Range(0, inputs).Select(i => 0.3f + i)]);

        long[] encrypted = RunEncrypted(circuit, new ExecutionMode.Exact(), sample);

        Assert.Equal(new ClearExecutor(circuit).Run(sample), encrypted);
    }

    [Theory]
    [InlineData("digits.onnx", 64)]
    [InlineData("mnist.onnx", 784)]
    public void Approximate_mode_gives_the_digit(string name, int inputs)
    {
        FheCircuit circuit = Compile(name, inputs, 10);

        // An upright stroke in the middle: a one.
        int side = (int)Math.Sqrt(inputs), margin = side / 8, middle = side / 2;
        var image = new float[inputs];
        for (int y = margin; y < side - margin; y++)
        {
            for (int x = middle - Math.Max(1, side / 14); x < middle + Math.Max(1, side / 14); x++)
            {
                image[(y * side) + x] = 1;
            }
        }

        int[] sample = circuit.Input.Quantize(image);
        Assert.Equal(1, Class(circuit, new ClearExecutor(circuit).Run(sample)));
        Assert.Equal(1, Class(circuit, RunEncrypted(circuit, new ExecutionMode.Approximate(0.005), sample)));
    }

    [Fact]
    public void Mnist_is_read_by_the_committed_network()
    {
        FheCircuit circuit = Compile("mnist.onnx", 784, 10);
        float[][] images = IdxReader.ReadImages(SharedData.FileOrSkip("data/mnist/t10k-images-idx3-ubyte.gz"));
        int[] labels = IdxReader.ReadLabels(SharedData.FileOrSkip("data/mnist/t10k-labels-idx1-ubyte.gz"));
        var executor = new ClearExecutor(circuit);

        int right = images.Zip(labels).Take(1000).Count(p => Class(circuit, executor.Run(circuit.Input.Quantize(p.First))) == p.Second);

        Assert.InRange(right, 960, 1000);
    }

    private static FheCircuit Compile(string name, int inputs, int classes)
    {
        FheCircuit circuit = ModelCompiler.CompileFile(Path.Combine(SharedData.RepositoryRoot, "samples", name));
        Assert.Equal(inputs, circuit.Input.Shape.Aggregate(1, (a, b) => a * b));
        Assert.Equal(classes, new ClearExecutor(circuit).Run(circuit.Input.Quantize(new float[inputs])).Length);
        return circuit;
    }

    private static int Class(FheCircuit circuit, long[] integers)
    {
        float[] logits = circuit.Output.Dequantize(integers);
        return Array.IndexOf(logits, logits.Max());
    }

    private static long[] RunEncrypted(FheCircuit circuit, ExecutionMode mode, int[] sample)
    {
        CompiledModel model = CompiledModel.Create(circuit, mode);
        ClientKey key = ClientKey.Generate(model.Parameters);
        using ServerKey server = ServerKey.Expand(key.CreateEvaluationKey(TestContext.Current.CancellationToken), model.ParameterPlan.Needs, Environment.ProcessorCount);
        using var executor = new EncryptedExecutor(model, server, Environment.ProcessorCount);
        var cryptor = new ModelCryptor(model, key);
        return cryptor.Decrypt(executor.Run(model.Expand(cryptor.Encrypt(sample))));
    }
}
