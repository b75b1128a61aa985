using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BlindGrain.Training.Tests.Layers;

public class QuantizerTests
{
    private static readonly UniformQuantizer Unsigned2 = new(0.5f, 0, 2, signed: false, narrow: false);

    [Fact]
    public void A_learned_step_gets_the_gradient_of_LSQ()
    {
        using var quantizer = new Quantizer(Unsigned2, QuantizerScale.Learned, clipsGradient: true);
        using Tensor x = tensor(new[] { -1f, 0.6f, 0.9f, 7f }, requires_grad: true);

        using Tensor y = quantizer.call(x);
        y.sum().backward();

        // Below the range 0, inside round(x/s) − x/s, above QMax; times 1/√(4 · 3).
        double expected = (0 + (1 - 1.2) + (2 - 1.8) + 3) / Math.Sqrt(12);
        Parameter step = quantizer.parameters().Single();
        Assert.Equal([0f, 0.5f, 1f, 1.5f], y.data<float>().ToArray());
        Assert.Equal(expected, step.grad!.item<float>(), 4);
        Assert.Equal([0f, 1f, 1f, 0f], x.grad!.data<float>().ToArray());
    }

    [Theory]
    [InlineData(0.30f, 0.25f)]
    [InlineData(0.40f, 0.5f)]
    [InlineData(2f, 2f)]
    public void A_power_of_two_step_rounds_in_the_logarithm(float learned, float used)
    {
        using var quantizer = new Quantizer(Unsigned2, QuantizerScale.LearnedPowerOfTwo, clipsGradient: true);
        quantizer.Initialize(learned);
        using Tensor x = tensor(new[] { 100f });

        using Tensor y = quantizer.call(x);

        Assert.Equal(used, quantizer.Current.Scale);
        Assert.Equal(3 * used, y.item<float>());
    }

    [Theory]
    [InlineData(nameof(QuantizerScale.Learned))]
    [InlineData(nameof(QuantizerScale.LearnedPowerOfTwo))]
    public void Training_and_inference_give_the_same_values(string kind)
    {
        using var quantizer = new Quantizer(new UniformQuantizer(0.37f, 0, 3, signed: true, narrow: true), Enum.Parse<QuantizerScale>(kind), clipsGradient: false);
        using Tensor x = linspace(-3, 3, 200);

        using Tensor trained = quantizer.call(x);
        quantizer.eval();
        using Tensor used = quantizer.call(x);

        Assert.Equal(used.data<float>().ToArray(), trained.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void A_constant_step_has_no_parameter_and_stays()
    {
        using var quantizer = new Quantizer(Unsigned2, QuantizerScale.Constant, clipsGradient: true);

        quantizer.Initialize(3);

        Assert.Empty(quantizer.parameters());
        Assert.Equal(0.5f, quantizer.Current.Scale);
    }
}
