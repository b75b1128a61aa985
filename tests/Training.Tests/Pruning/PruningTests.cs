using BlindGrain.Training.Pruning;

namespace BlindGrain.Training.Tests.Pruning;

public class PruningTests
{
    private static readonly float[] Weights = [0.1f, -5f, 4f, 3f, /* next neuron */ 0.2f, -0.3f, 0.4f, 9f];

    [Fact]
    public void L1_unstructured_drops_the_smallest_magnitudes_of_the_whole_layer()
    {
        bool[] keep = L1Unstructured.Mask(Weights, 4);

        Assert.Equal([false, true, true, true, false, false, false, true], keep);
    }

    [Theory]
    [InlineData(100, 100, 30, 7_000)]
    [InlineData(100, 2, 30, 140)]
    [InlineData(2, 100, 30, 0)]
    public void The_amount_is_an_average_a_neuron(int inputs, int outputs, int maxNonZero, int amount) =>
        Assert.Equal(amount, L1Unstructured.AmountFor(inputs, outputs, maxNonZero));

    [Fact]
    public void The_cap_holds_for_every_neuron()
    {
        bool[] keep = NeuronCap.Mask(Weights, inFeatures: 4, maxNonZero: 2);

        Assert.Equal([false, true, true, false, false, false, true, true], keep);
    }

    [Fact]
    public void More_than_all_weights_cannot_be_dropped() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => L1Unstructured.Mask(Weights, 9));
}
