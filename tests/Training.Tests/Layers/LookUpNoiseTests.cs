using BlindGrain.Training.Layers;
using static TorchSharp.torch;

namespace BlindGrain.Training.Tests.Layers;

public class LookUpNoiseTests
{
    [Fact]
    public void Its_deviation_is_a_share_of_the_range()
    {
        _ = manual_seed(1);
        using var layer = new LookUpNoise(0.02);
        using Tensor x = linspace(-10, 30, 20_000);

        using Tensor noise = layer.call(x) - x;

        Assert.InRange(noise.std().item<float>(), 0.78, 0.82);
        Assert.InRange(noise.mean().item<float>(), -0.03, 0.03);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Outside_training_and_with_quantizers_off_nothing_changes(bool training, bool enabled)
    {
        using var layer = new LookUpNoise(0.1) { Enabled = enabled };
        layer.train(training);
        using Tensor x = tensor(new[] { 1f, 5f });

        using Tensor y = layer.call(x);

        Assert.Equal([1f, 5f], y.data<float>().ToArray());
    }

    [Fact]
    public void More_than_half_the_range_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new LookUpNoise(0.6));
}
