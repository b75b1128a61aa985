using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Data;
using BlindGrain.Training.Layers;
using static TorchSharp.torch;

namespace BlindGrain.Training.Tests.Layers;

public class QuantLinearTests
{
    private static readonly UniformQuantizer Quantizer = new(0.5f, 0, 3, signed: true, narrow: true);

    [Fact]
    public void The_output_is_the_integer_weights_times_their_step_plus_the_float_bias()
    {
        using var layer = new QuantLinear(3, 2, Quantizer, new SeededRandom(4));
        layer.eval();
        using Tensor x = tensor(new[] { 1f, 2f, 3f }, 1, 3);

        using Tensor y = layer.call(x);

        int[] w = layer.IntegerWeights();
        float[] b = layer.Biases();
        float[] expected = [.. Enumerable.Range(0, 2).Select(r => (0.5f * (w[3 * r] + (2 * w[(3 * r) + 1]) + (3 * w[(3 * r) + 2]))) + b[r])];
        Assert.Equal(expected, y.data<float>().ToArray(), (p, q) => Math.Abs(p - q) < 1e-5);
        Assert.All(w, v => Assert.InRange(v, -3, 3));
    }

    [Fact]
    public void Pruned_weights_are_zero_get_no_gradient_and_stay_zero_when_made_permanent()
    {
        using var layer = new QuantLinear(2, 2, Quantizer, new SeededRandom(5));
        layer.Prune([true, false, false, true]);
        using Tensor x = ones(1, 2);

        layer.call(x).sum().backward();

        float[] gradient = layer.named_parameters().Single(p => p.name == "_weight").parameter.grad!.data<float>().ToArray();
        Assert.Equal([1f, 0f, 0f, 1f], gradient);
        layer.MakePruningPermanent();
        float[] weights = layer.Weights();
        Assert.Equal([0f, 0f], weights[1..3]);
        Assert.All([weights[0], weights[3]], w => Assert.NotEqual(0f, w));
    }

    [Fact]
    public void With_quantization_off_the_float_weights_are_used()
    {
        using var layer = new QuantLinear(1, 1, Quantizer, new SeededRandom(6)) { QuantizationEnabled = false };
        layer.eval();
        using Tensor x = ones(1, 1);

        using Tensor y = layer.call(x);

        Assert.Equal(layer.Weights()[0] + layer.Biases()[0], y.item<float>(), 5);
    }

    [Fact]
    public void A_mask_of_another_length_is_refused()
    {
        using var layer = new QuantLinear(2, 2, Quantizer, new SeededRandom(7));

        Assert.Throws<ArgumentException>(() => layer.Prune([true]));
    }
}
