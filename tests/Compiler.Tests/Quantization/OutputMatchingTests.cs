using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests.Quantization;

/// <summary>Weights and steps that are chosen by what they do to outputs.</summary>
public class OutputMatchingTests
{
    private readonly FloatNetworks _networks = new(43);

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    public void Weights_by_the_outputs_follow_the_float_model_better_than_the_nearest_ones(int bits, bool perChannel)
    {
        byte[] onnx = _networks.Perceptron([12, 16, 16, 3], "Relu");
        (float[][] calibration, float[][] fresh) = (_networks.Samples(300, 12), _networks.Samples(200, 12));
        PostTrainingOptions options = PostTrainingOptions.Uniform(bits) with { PerChannel = perChannel };

        double nearest = Fidelity.OfPostTraining(onnx, calibration, fresh, options with { MatchOutputs = false });
        double matched = Fidelity.OfPostTraining(onnx, calibration, fresh, options);

        Assert.True(matched < 0.9 * nearest, $"Matched {matched}, nearest {nearest}.");
    }

    [Fact]
    public void Convolutions_are_matched_too()
    {
        float[] weights = _networks.Weights(4 * 2 * 9, 18);
        var b = new OnnxBuilder(1, 2, 6, 6);
        byte[] onnx = b.Build(b.Node("Conv", ["x", b.Constant([4, 2, 3, 3], weights), b.Constant([4], _networks.Biases(4))], OnnxBuilder.Ints("strides", 2, 2), OnnxBuilder.Ints("pads", 1, 1, 1, 1)));
        (float[][] calibration, float[][] fresh) = (_networks.Samples(100, 72), _networks.Samples(50, 72));
        PostTrainingOptions options = PostTrainingOptions.Uniform(3) with { InputBits = 8 };

        double nearest = Fidelity.OfPostTraining(onnx, calibration, fresh, options with { MatchOutputs = false });

        Assert.InRange(Fidelity.OfPostTraining(onnx, calibration, fresh, options), 0, nearest);
        Assert.NotEqual(Integers(onnx, calibration, options with { MatchOutputs = false }), Integers(onnx, calibration, options));
    }

    [Fact]
    public void Pruned_weights_stay_zero()
    {
        float[] weights = _networks.Weights(30, 3);
        for (int i = 0; i < weights.Length; i += 2)
        {
            weights[i] = 0;
        }

        var b = new OnnxBuilder(1, 10);
        byte[] onnx = b.Build(b.Node("Gemm", ["x", b.Constant([3, 10], weights), b.Constant([3], 0, 0, 0)], OnnxBuilder.Int("transB", 1)));

        FheCircuit circuit = ModelCompiler.Compile(PostTrainingQuantizer.Quantize(onnx, _networks.Samples(100, 10), PostTrainingOptions.Uniform(3)).Onnx, "net");

        Assert.InRange(circuit.Steps.OfType<LinearStep>().Sum(s => s.Terms.Sum(t => t.Matrix.Weight.Length)), 3, 15);
    }

    [Fact]
    public void The_inputs_step_follows_the_classes_where_that_is_asked_for()
    {
        // One input from 0 to 1; logits (d, −d) with d = 10 − 40·|x − 1/2|, whose class changes at 1/4 and 3/4.
        var b = new OnnxBuilder(1, 1);
        string arms = b.Node("Relu", [b.Node("Gemm", ["x", b.Constant([2, 1], 1, -1), b.Constant([2], -0.5f, 0.5f)], OnnxBuilder.Int("transB", 1))]);
        byte[] onnx = b.Build(b.Node("Gemm", [arms, b.Constant([2, 2], -40, -40, 40, 40), b.Constant([2], 10, -10)], OnnxBuilder.Int("transB", 1)));
        float[][] samples = [.. Enumerable.Range(0, 201).Select(i => new[] { i / 200f })];
        PostTrainingOptions options = PostTrainingOptions.Uniform(8) with { InputBits = 2 };

        float nearest = PostTrainingQuantizer.Quantize(onnx, samples, options).Points[0].Scales[0];
        float classes = PostTrainingQuantizer.Quantize(onnx, samples, options with { MatchClasses = true }).Points[0].Scales[0];

        // Levels 1/2 apart change at 1/4 and 3/4; levels 2/7 apart, those of least squared error, at 1/7, 3/7 and 5/7.
        Assert.InRange(nearest, 0.27f, 0.36f);
        Assert.InRange(classes, 0.48f, 0.52f);
    }

    private static int[] Integers(byte[] onnx, float[][] calibration, PostTrainingOptions options) =>
        [.. ModelCompiler.Compile(PostTrainingQuantizer.Quantize(onnx, calibration, options).Onnx, "net").Steps.OfType<LinearStep>().SelectMany(s => s.Terms).SelectMany(t => t.Matrix.Weight.ToArray()).Select(w => (int)w)];
}
