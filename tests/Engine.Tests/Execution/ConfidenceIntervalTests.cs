using BlindGrain.Engine.Execution;

namespace BlindGrain.Engine.Tests.Execution;

public class ConfidenceIntervalTests
{
    [Fact]
    public void Wilsons_interval_has_its_published_values()
    {
        // Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        foreach ((int successes, int trials, double low, double high) in new[] { (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718) })
        {
            var interval = ConfidenceInterval.OfProportion(successes, trials);
            Assert.Equal(low, interval.Low, 4);
            Assert.Equal(high, interval.High, 4);
        }
    }

    [Theory]
    [InlineData(100, 0.05, 0.02)]
    [InlineData(1000, 0.006, 0.003)]
    [InlineData(20_000, 0.0006, 0.0001)]
    public void The_paired_interval_covers_the_difference_as_often_as_it_says(int trials, double firstOnly, double secondOnly)
    {
        var random = new System.Random(1);
        const int Experiments = 1000;
        int covered = 0;
        for (int e = 0; e < Experiments; e++)
        {
            int first = 0, second = 0;
            for (int t = 0; t < trials; t++)
            {
                double u = random.NextDouble();
                first += u < firstOnly ? 1 : 0;
                second += u > 1 - secondOnly ? 1 : 0;
            }

            var interval = ConfidenceInterval.OfPairedDifference(first, second, trials);
            covered += interval.Low <= firstOnly - secondOnly && firstOnly - secondOnly <= interval.High ? 1 : 0;
        }

        // 95 % less four standard errors of a thousand experiments; with few differing trials it covers more.
        Assert.InRange(covered / (double)Experiments, 0.92, 1);
    }

    [Fact]
    public void Numbers_that_are_no_counts_are_refused()
    {
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => ConfidenceInterval.OfProportion(0, 0));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => ConfidenceInterval.OfProportion(5, 4));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => ConfidenceInterval.OfPairedDifference(3, 3, 5));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => ConfidenceInterval.OfPairedDifference(-1, 3, 5));
    }
}
