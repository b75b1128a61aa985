using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Data;
using BlindGrain.Training.Layers;
using static TorchSharp.torch;

namespace BlindGrain.Training.Tests.Layers;

public class QuantConv2dTests
{
    private static readonly UniformQuantizer Quantizer = new(0.5f, 0, 3, signed: true, narrow: true);

    [Fact]
    public void A_strided_padded_convolution_sums_integer_weights_times_their_step()
    {
        var shape = new Conv2dShape(1, 1, Kernel: 3, Stride: 2, Padding: 1);
        using var layer = new QuantConv2d(shape, Quantizer, QuantizerScale.Constant, [0.6f, -9f, 0.2f, 0, 1f, 0, 0, 0, 9f], [0.25f]);
        layer.eval();
        using Tensor image = arange(16, dtype: ScalarType.Float32).reshape(1, 1, 4, 4);

        using Tensor y = layer.call(image);

        // Integers are [1, -3, 0; 0, 2, 0; 0, 0, 3]; the image counts from 0, row by row.
        Assert.Equal([1, -3, 0, 0, 2, 0, 0, 0, 3], layer.IntegerWeights());
        Assert.Equal([1, 1, 2, 2], y.shape);
        Assert.Equal((0.5f * ((2 * 10) + (3 * 15) + (1 * 5) - (3 * 6))) + 0.25f, y[0, 0, 1, 1].item<float>());
        Assert.Equal((0.5f * (3 * 5)) + 0.25f, y[0, 0, 0, 0].item<float>());
    }

    [Fact]
    public void Channels_of_a_group_read_their_own_group_only()
    {
        using QuantConv2d layer = QuantConv2d.Fresh(new Conv2dShape(4, 6, Kernel: 1, Groups: 2), null, QuantizerScale.Constant, new SeededRandom(3));
        Assert.Equal([6, 2, 1, 1], layer.WeightShape);
        using Tensor image = zeros(1, 4, 1, 1);
        image[0, 3] = 1;

        using Tensor y = layer.call(image);

        float[] values = y.data<float>().ToArray(), biases = layer.Biases();
        Assert.Equal(biases[..3], values[..3]);
        Assert.All(Enumerable.Range(3, 3), c => Assert.NotEqual(biases[c], values[c]));
    }

    [Fact]
    public void Groups_that_do_not_divide_the_channels_are_refused() =>
        Assert.Throws<ArgumentException>(() => QuantConv2d.Fresh(new Conv2dShape(3, 4, 1, Groups: 2), null, QuantizerScale.Constant, new SeededRandom(3)));
}
