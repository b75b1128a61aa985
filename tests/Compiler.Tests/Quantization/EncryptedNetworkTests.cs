using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;

namespace BlindGrain.Compiler.Tests.Quantization;

/// <summary>A float convolutional network from its ONNX file to encrypted inference.</summary>
public class EncryptedNetworkTests
{
    private const int Side = 6;

    [Fact]
    public void A_float_convolutional_network_runs_encrypted_with_every_integer_right()
    {
        var n = new FloatNetworks(71);
        float[][] calibration = n.Samples(100, Side * Side), fresh = n.Samples(2, Side * Side);
        Compilation compilation = CompilationPipeline.Run(new CompilationRequest(Network(n), "small-cnn")
        {
            Quantization = PostTrainingOptions.Uniform(2),
            Calibration = calibration,
            Margin = 0.2,
        });
        CompiledModel model = CompiledModel.Create(compilation.Circuit, new ExecutionMode.Exact());
        ClientKey key = ClientKey.Generate(model.Parameters);
        using var server = ServerKey.Expand(key.CreateEvaluationKey(), Environment.ProcessorCount);
        using var executor = new EncryptedExecutor(model, server, Environment.ProcessorCount);
        var cryptor = new ModelCryptor(model, key);
        var clear = new ClearExecutor(model.Circuit);

        // Convolution with Relu 2 channels of 4x4, then three comparisons for each of 2 channels of 2x2, and one look-up for each maximum.
        Assert.Equal(32 + 24 + 8, model.Circuit.Bootstraps);
        foreach (int[] input in fresh.Select(f => model.Circuit.Input.Quantize(f)))
        {
            LweBatch encrypted = model.Expand(cryptor.Encrypt(input));
            Assert.Equal(clear.Run(input), cryptor.Decrypt(executor.Run(encrypted)));
        }
    }

    [Fact]
    public void Maxima_survive_the_noise_of_approximate_mode()
    {
        // Without a look-up between the comparisons and the product, both would share the product's step of the torus, and noise of several integers would drown the maxima.
        var n = new FloatNetworks(72);
        float[][] calibration = n.Samples(100, Side * Side), fresh = n.Samples(200, Side * Side);
        FheCircuit circuit = CompilationPipeline.Run(new CompilationRequest(Network(n), "small-cnn") { Quantization = PostTrainingOptions.Uniform(4), Calibration = calibration, Margin = 0.1 }).Circuit;
        int[][] inputs = [.. fresh.Select(f => circuit.Input.Quantize(f))];
        long[][] clear = new ClearExecutor(circuit).RunBatch(inputs);
        long[][] noisy = new NoisyExecutor(CompiledModel.Create(circuit, new ExecutionMode.Approximate(0.01))).Evaluate(inputs, seed: 1, CancellationToken.None).Outputs;
        int agree = clear.Zip(noisy).Count(p => Class(circuit, p.First) == Class(circuit, p.Second));

        Assert.InRange(agree, 170, 200);
    }

    private static int Class(FheCircuit circuit, long[] integers)
    {
        float[] logits = circuit.Output.Dequantize(integers);
        return Array.IndexOf(logits, logits.Max());
    }

    private static byte[] Network(FloatNetworks n)
    {
        var b = new OnnxBuilder(1, 1, Side, Side);
        string h = b.Node("Relu", [b.Node("Conv", ["x", b.Constant([2, 1, 3, 3], n.Weights(18, 9)), b.Constant([2], n.Biases(2))])]);
        h = b.Node("MaxPool", [h], OnnxBuilder.Ints("kernel_shape", 2, 2), OnnxBuilder.Ints("strides", 2, 2));
        return b.Build(b.Node("Gemm", [b.Node("Flatten", [h]), b.Constant([8, 3], n.Weights(24, 8)), b.Constant([3], n.Biases(3))]));
    }
}
