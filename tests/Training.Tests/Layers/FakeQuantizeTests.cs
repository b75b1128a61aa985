using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Layers;
using static TorchSharp.torch;

namespace BlindGrain.Training.Tests.Layers;

public class FakeQuantizeTests
{
    private static readonly UniformQuantizer Narrow3 = new(0.5f, 0, 3, signed: true, narrow: true);

    [Fact]
    public void Values_round_half_to_even_and_clip_to_the_narrow_range()
    {
        using Tensor x = tensor(new[] { -9f, -1.3f, -0.25f, 0.25f, 0.74f, 0.75f, 1.25f, 9f });

        using Tensor y = FakeQuantize.Apply(x, Narrow3);

        Assert.Equal([-1.5f, -1.5f, 0f, 0f, 0.5f, 1f, 1f, 1.5f], y.data<float>().ToArray());
    }

    [Fact]
    public void It_agrees_with_the_engines_quantizer_on_every_value()
    {
        var third = new UniformQuantizer(1f / 3, 0, 3, signed: true, narrow: true);
        float[] values = Enumerable.Range(-400, 801).Select(i => i / 200f).ToArray();
        using Tensor x = tensor(values);

        using Tensor y = FakeQuantize.Apply(x, third);

        Assert.Equal(values.Select(v => third.Dequantize(third.Quantize(v))), y.data<float>().ToArray());
    }

    [Fact]
    public void The_straight_through_gradient_is_one_everywhere()
    {
        using Tensor x = tensor(new[] { -9f, 0.3f, 9f }, requires_grad: true);

        FakeQuantize.StraightThrough(x, Narrow3).sum().backward();

        Assert.Equal([1f, 1f, 1f], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void The_clipped_gradient_is_zero_outside_the_range()
    {
        using Tensor x = tensor(new[] { -9f, -1.2f, 0.3f, 9f }, requires_grad: true);

        FakeQuantize.ClippedStraightThrough(x, Narrow3).sum().backward();

        Assert.Equal([0f, 1f, 1f, 0f], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_zero_point_is_refused()
    {
        using Tensor x = zeros(1);

        Assert.Throws<ArgumentException>(() => FakeQuantize.Apply(x, new UniformQuantizer(1, 3, 3, true, true)));
    }
}
