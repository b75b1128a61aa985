using BlindGrain.Compiler;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Data;
using BlindGrain.Training.Export;
using BlindGrain.Training.Layers;
using BlindGrain.Training.Learning;
using BlindGrain.Training.Networks;
using BlindGrain.Training.Recipes;
using Google.Protobuf;
using static TorchSharp.torch;

namespace BlindGrain.Training.Tests.Export;

/// <summary>An exported network, compiled, yields the integers of the trained one: its logits are steps of the last layer, so logits nearer than half a step are the same integers.</summary>
public class ExportedIntegersTests
{
    [Theory]
    [InlineData(nameof(QuantizerScale.Constant))]
    [InlineData(nameof(QuantizerScale.Learned))]
    [InlineData(nameof(QuantizerScale.LearnedPowerOfTwo))]
    public void Convolutions_with_stride_padding_and_groups(string kind)
    {
        QuantizerScale scale = Enum.Parse<QuantizerScale>(kind);
        var random = new SeededRandom(7);
        var weights = new UniformQuantizer(0.25f, 0, 3, signed: true, narrow: true);
        using var network = new QuantSequential(
            [1, 8, 8],
            [
                ("input", new QuantIdentity(new UniformQuantizer(0.25f, 0, 2, signed: false, narrow: false))),
                ("conv1", QuantConv2d.Fresh(new Conv2dShape(1, 4, Kernel: 3, Stride: 2, Padding: 1), weights, scale, random)),
                ("noise1", new LookUpNoise(0.01)),
                ("norm1", nn.BatchNorm2d(4)),
                ("relu1", new QuantReLU(new UniformQuantizer(0.5f, 0, 2, signed: false, narrow: false), scale)),
                ("conv2", QuantConv2d.Fresh(new Conv2dShape(4, 6, Kernel: 2, Groups: 2), new UniformQuantizer(0.25f, 0, 2, signed: true, narrow: false), scale, random)),
                ("relu2", new QuantReLU(new UniformQuantizer(0.25f, 0, 3, signed: true, narrow: true), scale)),
                ("flatten", nn.Flatten()),
                ("fc", QuantLinear.Fresh(54, 3, weights, scale, random)),
            ]);
        Dataset data = Images(random, 200);

        QatTrainer.Train(network, data, new TrainingOptions { Epochs = 4, FloatShare = 0.5, BatchSize = 20, MaxNonZero = null, TargetWidth = null }, random, null, TestContext.Current.CancellationToken);

        AssertSameIntegers(network, data);
    }

    [Fact]
    public void A_fully_connected_network_with_normalization_and_batch_norm()
    {
        var random = new SeededRandom(8);
        Dataset data = Images(random, 150) with { Shape = [64] };
        ClassifierOptions options = IrisRecipe.Defaults with { Hidden = [10, 6] };
        using QuantSequential network = Classifiers.FullyConnected(
            [Normalize.Of(data.Samples()), new QuantIdentity(new UniformQuantizer(0.4f, 0, 3, signed: true, narrow: true))], 64, 3, options, random);

        QatTrainer.Train(network, data, options.Training with { Epochs = 4, FloatShare = 0.5 }, random, null, TestContext.Current.CancellationToken);

        AssertSameIntegers(network, data);
    }

    [Fact]
    public void A_float_network_becomes_a_plain_graph_that_computes_the_same()
    {
        var random = new SeededRandom(9);
        using QuantSequential network = FloatMlp.Create([64, 10, 3], random);
        Dataset data = Images(random, 20) with { Shape = [64] };

        Compiler.Onnx.ModelProto model = QonnxExporter.Export(network, "float", "input", "logits");

        Assert.Equal(["Gemm", "Relu", "Gemm"], model.Graph.Node.Select(n => n.OpType));
        Assert.Equal([string.Empty], model.OpsetImport.Select(o => o.Domain));
        using var reference = new ReferenceModel(model.ToByteArray());
        Assert.All(network.Logits(data).Zip(data.Samples()), p => Assert.Equal(p.First, reference.Run(p.Second), (a, b) => Math.Abs(a - b) < 1e-5));
    }

    [Fact]
    public void A_layer_without_an_ONNX_form_is_named()
    {
        using var network = new QuantSequential([4], [("soft", nn.Softplus()), ("fc", QuantLinear.Fresh(4, 2, null, QuantizerScale.Constant, new SeededRandom(1)))]);

        NotSupportedException e = Assert.Throws<NotSupportedException>(() => QonnxExporter.Export(network, "n", "input", "logits"));

        Assert.Contains("'soft' (Softplus)", e.Message, StringComparison.Ordinal);
    }

    private static void AssertSameIntegers(QuantSequential network, Dataset data)
    {
        FheCircuit circuit = ModelCompiler.Compile(QonnxExporter.Export(network, "exported", "input", "logits").ToByteArray(), "exported");
        var executor = new ClearExecutor(circuit);
        float[][] logits = network.Logits(data), samples = data.Samples();
        float[] zero = circuit.Output.Dequantize(new long[circuit.Output.Length]), one = circuit.Output.Dequantize(Enumerable.Repeat(1L, circuit.Output.Length).ToArray());
        for (int s = 0; s < samples.Length; s++)
        {
            long[] integers = executor.Run(circuit.Input.Quantize(samples[s]));
            long[] trained = [.. logits[s].Select((l, c) => (long)Math.Round((l - zero[c]) / (one[c] - zero[c])))];
            Assert.Equal(trained, integers);
        }

        Assert.True(logits.Select(l => l[0]).Distinct().Count() > 10, "The network gives nearly all samples the same logits: the test tests nothing.");
    }

    /// <summary>Three classes: where the bright third of the image lies.</summary>
    private static Dataset Images(SeededRandom random, int count)
    {
        var values = new float[count * 64];
        var labels = new long[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = random.NextInt(3);
            for (int p = 0; p < 64; p++)
            {
                values[(i * 64) + p] = (float)(random.NextUniform(0, 0.5) + (p / 22 == labels[i] ? 0.4 : 0));
            }
        }

        return new Dataset(values, [1, 8, 8], labels);
    }
}
