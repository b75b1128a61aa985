using BlindGrain.Compiler.Quantization;

namespace BlindGrain.Compiler.Tests.Quantization;

/// <summary>Float networks of every common shape, quantized after training and held against what they compute in floats.</summary>
public class SmallNetworkTests
{
    private const int Width = 6;

    [Theory]
    [InlineData("Relu")]
    [InlineData("LeakyRelu")]
    [InlineData("Elu")]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    [InlineData("HardSigmoid")]
    [InlineData("Softplus")]
    public void Perceptrons_with_many_activations_follow_their_float_model(string activation)
    {
        var networks = new FloatNetworks(21);
        byte[] onnx = networks.Perceptron([8, 12, 12, 4], activation);
        float[][] calibration = networks.Samples(150, 8), fresh = networks.Samples(100, 8);
        double[] errors = [.. new[] { 3, 5, 8 }.Select(bits => Fidelity.OfPostTraining(onnx, calibration, fresh, PostTrainingOptions.Uniform(bits)))];

        Assert.InRange(errors[2], 0, 0.05);
        Assert.InRange(errors[1], errors[2], 0.2);
        Assert.InRange(errors[0], errors[1], 0.9);
    }

    [Theory]
    [InlineData("matmul and add")]
    [InlineData("residual")]
    [InlineData("concat")]
    [InlineData("product")]
    [InlineData("maximum of two")]
    [InlineData("softmax at the end")]
    [InlineData("sigmoid at the end")]
    [InlineData("convolution, maxima, dense")]
    [InlineData("convolution, means, dense")]
    [InlineData("convolution with normalization, global mean")]
    [InlineData("convolution in one dimension")]
    [InlineData("sum over an axis")]
    public void Networks_of_other_shapes_follow_their_float_model(string shape)
    {
        (byte[] onnx, int length, FloatNetworks networks) = Build(shape);
        float[][] calibration = networks.Samples(150, length), fresh = networks.Samples(60, length);

        // Most of what is left at 8 bits are fresh inputs beyond all that the calibration saw.
        Assert.InRange(Fidelity.OfPostTraining(onnx, calibration, fresh, PostTrainingOptions.Uniform(8)), 0, 0.1);
        Assert.InRange(Fidelity.OfPostTraining(onnx, calibration, fresh, PostTrainingOptions.Uniform(4)), 0, 0.5);
    }

    private static (byte[] Onnx, int Length, FloatNetworks Networks) Build(string shape)
    {
        var n = new FloatNetworks(31);
        bool image = shape.StartsWith("convolution", StringComparison.Ordinal), flat = shape.EndsWith("one dimension", StringComparison.Ordinal);
        OnnxBuilder b = flat ? new OnnxBuilder(1, 2, 12) : image ? new OnnxBuilder(1, 2, Width, Width) : new OnnxBuilder(1, Width);
        string Dense(string x, int from, int to) => b.Node("Gemm", [x, b.Constant([from, to], n.Weights(from * to, from)), b.Constant([to], n.Biases(to))]);
        string MatMul(string x, int from, int to) => b.Node("Add", [b.Node("MatMul", [x, b.Constant([from, to], n.Weights(from * to, from))]), b.Constant([to], n.Biases(to))]);
        string Conv(string x, int from, int to) => b.Node("Conv", [x, b.Constant([to, from, 3, 3], n.Weights(to * from * 9, from * 9)), b.Constant([to], n.Biases(to))], OnnxBuilder.Ints("pads", 1, 1, 1, 1));
        string Relu(string x) => b.Node("Relu", [x]);
        string Flat(string x) => b.Node("Flatten", [x]);
        string Pool(string op, string x) => b.Node(op, [x], OnnxBuilder.Ints("kernel_shape", 2, 2), OnnxBuilder.Ints("strides", 2, 2));
        string h = image ? "" : Relu(Dense("x", Width, Width));
        string y = shape switch
        {
            "matmul and add" => MatMul(Relu(MatMul("x", Width, 8)), 8, 3),
            "residual" => Dense(Relu(b.Node("Add", [h, Dense(Relu(Dense(h, Width, Width)), Width, Width)])), Width, 3),
            "concat" => Dense(b.Node("Concat", [h, b.Node("Tanh", [Dense(h, Width, 4)])], OnnxBuilder.Int("axis", 1)), Width + 4, 3),
            "product" => Dense(b.Node("Mul", [h, b.Node("Sigmoid", [Dense("x", Width, Width)])]), Width, 3),
            "maximum of two" => Dense(b.Node("Max", [h, Relu(Dense("x", Width, Width))]), Width, 3),
            "softmax at the end" => b.Node("Softmax", [Dense(h, Width, 4)], OnnxBuilder.Int("axis", 1)),
            "sigmoid at the end" => b.Node("Sigmoid", [Dense(h, Width, 2)]),
            "convolution, maxima, dense" => Dense(Flat(Pool("MaxPool", Relu(Conv("x", 2, 4)))), 36, 3),
            "convolution, means, dense" => Dense(Flat(Pool("AveragePool", Relu(Conv("x", 2, 4)))), 36, 3),
            "convolution with normalization, global mean" => Dense(Flat(b.Node("GlobalAveragePool", [Relu(b.Node("BatchNormalization", [
                Conv("x", 2, 4), b.Constant([4], 1.2f, 0.8f, 1, 1.5f), b.Constant([4], 0.1f, 0, -0.1f, 0.2f), b.Constant([4], 0, 0.1f, 0, -0.1f), b.Constant([4], 1, 2, 1, 0.5f)]))])), 4, 3),
            "convolution in one dimension" => Dense(Flat(Relu(b.Node("Conv", ["x", b.Constant([3, 2, 3], n.Weights(18, 6)), b.Constant([3], n.Biases(3))], OnnxBuilder.Ints("strides", 2)))), 15, 3),
            _ => Dense(b.Node("ReduceSum", [b.Node("Reshape", [h, b.Integers(1, 2, 3)]), b.Integers(1)], OnnxBuilder.Int("keepdims", 0)), 3, 3),
        };
        return (b.Build(y), flat ? 24 : image ? 2 * Width * Width : Width, n);
    }
}
