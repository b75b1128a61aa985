using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Layers;
using static TorchSharp.torch;

namespace BlindGrain.Training.Tests.Layers;

public class QuantReLUTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Negative_values_become_zero_and_large_ones_the_top_level(bool training)
    {
        using var relu = new QuantReLU(new UniformQuantizer(0.5f, 0, 3, true, true));
        relu.train(training);
        using Tensor x = tensor(new[] { -1f, 0.6f, 5f });

        using Tensor y = relu.call(x);

        Assert.Equal([0f, 0.5f, 1.5f], y.data<float>().ToArray());
    }

    [Fact]
    public void With_quantization_off_values_are_clipped_but_not_rounded()
    {
        using var relu = new QuantReLU(new UniformQuantizer(0.5f, 0, 3, true, true)) { QuantizationEnabled = false };
        using Tensor x = tensor(new[] { -1f, 0.6f, 5f });

        using Tensor y = relu.call(x);

        Assert.Equal([0f, 0.6f, 1.5f], y.data<float>().ToArray());
    }
}
