using BlindGrain.Training.Data;

namespace BlindGrain.Training.Tests.Data;

public class SeededRandomTests
{
    /// <summary>The sequence must not change: committed samples are made by it.</summary>
    [Fact]
    public void Seed_one_starts_the_known_sequence()
    {
        var random = new SeededRandom(1);

        Assert.Equal([0xB3F2AF6D0FC710C5, 0x853B559647364CEA, 0x92F89756082A4514], [random.NextUInt64(), random.NextUInt64(), random.NextUInt64()]);
    }

    [Fact]
    public void Gaussians_have_mean_zero_and_variance_one()
    {
        var random = new SeededRandom(2);
        double[] values = Enumerable.Range(0, 100_000).Select(_ => random.NextGaussian()).ToArray();

        Assert.InRange(values.Average(), -0.015, 0.015);
        Assert.InRange(values.Average(v => v * v), 0.98, 1.02);
    }

    [Fact]
    public void A_permutation_holds_every_number_once_and_is_not_the_identity()
    {
        int[] order = new SeededRandom(3).Permutation(100);

        Assert.Equal(Enumerable.Range(0, 100), order.Order());
        Assert.NotEqual(Enumerable.Range(0, 100), order);
    }
}
