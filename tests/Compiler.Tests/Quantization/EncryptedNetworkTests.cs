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

        // Convolution with Relu 2 channels of 4x4, then three comparisons for each of 2 channels of 2x2.
        Assert.Equal(32 + 24, model.Circuit.Bootstraps);
        foreach (int[] input in fresh.Select(f => model.Circuit.Input.Quantize(f)))
        {
            LweBatch encrypted = cryptor.Encrypt(input).Expand(model.Parameters);
            Assert.Equal(clear.Run(input), cryptor.Decrypt(executor.Run(encrypted)));
        }
    }

    private static byte[] Network(FloatNetworks n)
    {
        var b = new OnnxBuilder(1, 1, Side, Side);
        string h = b.Node("Relu", [b.Node("Conv", ["x", b.Constant([2, 1, 3, 3], n.Weights(18, 9)), b.Constant([2], n.Biases(2))])]);
        h = b.Node("MaxPool", [h], OnnxBuilder.Ints("kernel_shape", 2, 2), OnnxBuilder.Ints("strides", 2, 2));
        return b.Build(b.Node("Gemm", [b.Node("Flatten", [h]), b.Constant([8, 3], n.Weights(24, 8)), b.Constant([3], n.Biases(3))]));
    }
}
