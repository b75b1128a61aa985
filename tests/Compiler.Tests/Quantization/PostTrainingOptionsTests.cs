using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests.Quantization;

/// <summary>What each setting of post-training quantization does.</summary>
public class PostTrainingOptionsTests
{
    private readonly FloatNetworks _networks = new(41);

    [Fact]
    public void Bits_of_input_weights_activations_and_output_are_set_apart()
    {
        byte[] onnx = EndingInSigmoid();
        var options = new PostTrainingOptions { InputBits = 7, WeightBits = 3, ActivationBits = 4, OutputBits = 5 };
        QuantizedModel model = PostTrainingQuantizer.Quantize(onnx, _networks.Samples(50, 5), options);

        Assert.Equal([7, 3, 4, 3, 5], model.Points.Select(p => p.Bits));
        FheCircuit circuit = ModelCompiler.Compile(model.Onnx, "net");
        Assert.Equal(1 << 7, circuit.Input.Range.Width);
        Assert.All(circuit.Steps.OfType<LinearStep>().SelectMany(s => s.Terms).SelectMany(t => t.Matrix.Weight), w => Assert.InRange(w, -3, 3));
        Assert.InRange(circuit.Ranges[2].Max(r => r.Max) - circuit.Ranges[2].Min(r => r.Min), 1, 15);
        Assert.InRange(circuit.Ranges[circuit.Output.Value].Max(r => r.Width), 2, 32);
    }

    [Fact]
    public void Weights_have_one_scale_or_one_a_channel_which_is_the_finer()
    {
        (float[][] calibration, float[][] fresh) = (_networks.Samples(100, 5), _networks.Samples(100, 5));
        byte[] onnx = Uneven();
        PostTrainingOptions channel = PostTrainingOptions.Uniform(8) with { WeightBits = 3 }, tensor = channel with { PerChannel = false };

        Assert.Equal([4, 2], PostTrainingQuantizer.Quantize(onnx, calibration, channel).Points.Where(p => p.IsWeight).Select(p => p.Scales.Count));
        Assert.All(PostTrainingQuantizer.Quantize(onnx, calibration, tensor).Points, p => Assert.Single(p.Scales));
        Assert.True(Fidelity.OfPostTraining(onnx, calibration, fresh, channel) < 0.8 * Fidelity.OfPostTraining(onnx, calibration, fresh, tensor));
    }

    [Fact]
    public void The_smallest_and_largest_value_bound_the_range_of_minmax()
    {
        QuantizedModel model = Quantize(CalibrationMethod.MinMax, [[-2, 0, 1, 0, 0], [6, 0, 0, 0, 0]]);
        Assert.Equal(8f / 15, model.Points[0].Scales[0], 1e-6f);
        Assert.Equal(Math.Round(2 / (8f / 15)), model.Points[0].ZeroPoint);
    }

    [Fact]
    public void The_percentile_and_the_squared_error_give_outliers_up()
    {
        float[][] samples = _networks.Samples(400, 5);
        samples[7][2] = 40;
        float all = Quantize(CalibrationMethod.MinMax, samples).Points[0].Scales[0];

        Assert.InRange(Quantize(CalibrationMethod.Percentile, samples).Points[0].Scales[0], all / 10, all / 5);
        Assert.InRange(Quantize(CalibrationMethod.MeanSquaredError, samples).Points[0].Scales[0], all / 10, 0.7 * all);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_least_squared_error_beats_the_whole_range_at_few_bits(int bits)
    {
        float[][] samples = _networks.Samples(300, 20);
        double ErrorOf(CalibrationMethod method)
        {
            (double min, double max) = RangeEstimator.Of(samples, new PostTrainingOptions { Method = method }, 1 << bits);
            double scale = (max - min) / ((1 << bits) - 1), zero = Math.Round(-min / scale);
            return samples.SelectMany(s => s).Average(v => Math.Pow(v - ((Math.Clamp(Math.Round(v / scale) + zero, 0, (1 << bits) - 1) - zero) * scale), 2));
        }

        Assert.True(ErrorOf(CalibrationMethod.MeanSquaredError) < 0.8 * ErrorOf(CalibrationMethod.MinMax));
    }

    [Fact]
    public void Each_layer_is_calibrated_on_outputs_that_are_quantized_already()
    {
        byte[] onnx = Uneven();
        float[][] samples = _networks.Samples(100, 5);
        PostTrainingOptions fine = PostTrainingOptions.Uniform(8) with { Method = CalibrationMethod.MinMax, CorrectBias = false };
        float[] scales = [.. new[] { fine, fine with { InputBits = 1, WeightBits = 1 } }.Select(o => PostTrainingQuantizer.Quantize(onnx, samples, o).Points[2].Scales[0])];

        // The activations' range is that of the layer before as it is quantized, which differs widely between 1 bit and 8.
        Assert.True(Math.Abs(scales[0] - scales[1]) > 0.2 * scales[0]);
    }

    [Fact]
    public void Bias_correction_restores_the_mean_of_the_float_outputs()
    {
        byte[] onnx = Uneven();
        float[][] samples = _networks.Samples(200, 5);
        double[] Means(bool correct)
        {
            using var quantized = new ReferenceModel(PostTrainingQuantizer.Quantize(onnx, samples, PostTrainingOptions.Uniform(2) with { CorrectBias = correct }).Onnx);
            using var exact = new ReferenceModel(onnx);
            return [.. Enumerable.Range(0, 2).Select(c => Math.Abs(samples.Average(s => quantized.Run(s)[c] - exact.Run(s)[c])))];
        }

        Assert.All(Means(true), m => Assert.InRange(m, 0, 1e-4));
        Assert.Contains(Means(false), m => m > 1e-2);
    }

    [Fact]
    public void One_bit_weights_are_plus_or_minus_a_scale()
    {
        QuantizedModel model = PostTrainingQuantizer.Quantize(Uneven(), _networks.Samples(50, 5), PostTrainingOptions.Uniform(1));
        Assert.All(ModelCompiler.Compile(model.Onnx, "net").Steps.OfType<LinearStep>().SelectMany(s => s.Terms).SelectMany(t => t.Matrix.Weight), w => Assert.Equal(1, Math.Abs(w)));
    }

    [Fact]
    public void Settings_and_samples_out_of_range_are_refused()
    {
        byte[] onnx = Uneven();
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => PostTrainingQuantizer.Quantize(onnx, [new float[5]], PostTrainingOptions.Uniform(9)));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => PostTrainingQuantizer.Quantize(onnx, [new float[5]], new PostTrainingOptions { Percentile = 0.5 }));
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => PostTrainingQuantizer.Quantize(onnx, [], new PostTrainingOptions())).Message, StringComparison.Ordinal);
        Assert.Contains("has 4 values", Assert.Throws<ArgumentException>(() => PostTrainingQuantizer.Quantize(onnx, [new float[4]], new PostTrainingOptions())).Message, StringComparison.Ordinal);
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => PostTrainingQuantizer.Quantize(onnx, [[0, 0, float.NaN, 0, 0]], new PostTrainingOptions())).Message, StringComparison.Ordinal);
    }

    private static QuantizedModel Quantize(CalibrationMethod method, float[][] samples) =>
        PostTrainingQuantizer.Quantize(Uneven(), samples, PostTrainingOptions.Uniform(4) with { Method = method });

    /// <summary>Two layers whose channels differ in size by factors of ten.</summary>
    private static byte[] Uneven()
    {
        var n = new FloatNetworks(51);
        float[] first = n.Weights(20, 5);
        for (int i = 0; i < first.Length; i++)
        {
            first[i] *= (i / 5) switch { 0 => 0.1f, 1 => 1, 2 => 3, _ => 0.3f };
        }

        var b = new OnnxBuilder(1, 5);
        string h = b.Node("Relu", [b.Node("Gemm", ["x", b.Constant([4, 5], first), b.Constant([4], n.Biases(4))], OnnxBuilder.Int("transB", 1))]);

        // The second layer brings the small channels back to size.
        return b.Build(b.Node("Gemm", [h, b.Constant([4, 2], 10, -8, 1, 1.2f, -0.3f, 0.4f, 3, 2), b.Constant([2], 0.1f, -0.2f)]));
    }

    private static byte[] EndingInSigmoid()
    {
        var n = new FloatNetworks(61);
        var b = new OnnxBuilder(1, 5);
        string h = b.Node("Relu", [b.Node("Gemm", ["x", b.Constant([5, 4], n.Weights(20, 5)), b.Constant([4], n.Biases(4))])]);
        return b.Build(b.Node("Sigmoid", [b.Node("Gemm", [h, b.Constant([4, 2], n.Weights(8, 4)), b.Constant([2], n.Biases(2))])]));
    }
}
