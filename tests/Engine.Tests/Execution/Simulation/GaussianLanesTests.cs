using BlindGrain.Engine.Execution.Simulation;

namespace BlindGrain.Engine.Tests.Execution.Simulation;

public class GaussianLanesTests
{
    [Fact]
    public void Deviates_are_standard_normal()
    {
        var random = new GaussianLanes(32);
        for (int lane = 0; lane < 32; lane++)
        {
            random.Seed(lane, 1, lane);
        }

        const int Count = 32 * 40_001;
        float[] all = new float[Count];
        random.Fill(all, 3);
        double[] x = [.. all.Select(d => d / 3.0)];

        // Moments of 1.28 million deviates, each within five standard errors (1, 2, 6, 24·n).
        Assert.InRange(x.Average(), -5 / Math.Sqrt(Count), 5 / Math.Sqrt(Count));
        Assert.InRange(x.Average(d => d * d) - 1, -5 * Math.Sqrt(2.0 / Count), 5 * Math.Sqrt(2.0 / Count));
        Assert.InRange(x.Average(d => d * d * d), -5 * Math.Sqrt(15.0 / Count), 5 * Math.Sqrt(15.0 / Count));
        Assert.InRange(x.Average(d => d * d * d * d) - 3, -5 * Math.Sqrt(96.0 / Count), 5 * Math.Sqrt(96.0 / Count));

        // Tails: P(|x| > 1, 2, 3, 4).
        foreach ((double bound, double p) in new[] { (1, 0.3173105), (2, 0.0455003), (3, 0.0026998), (4, 6.334e-5) })
        {
            double five = 5 * Math.Sqrt(p * (1 - p) / Count);
            Assert.InRange(x.Count(d => Math.Abs(d) > bound) / (double)Count, p - five, p + five);
        }

        // Neighbours in a row, neighbours in a lane and the two of a pair have nothing to do with each other.
        foreach (int lag in new[] { 1, 32, 64 })
        {
            double correlation = x.Take(Count - lag).Zip(x.Skip(lag), (a, b) => a * b).Average();
            Assert.InRange(correlation, -5 / Math.Sqrt(Count), 5 / Math.Sqrt(Count));
        }
    }

    [Fact]
    public void A_sample_has_one_stream_in_any_lane()
    {
        float[] alone = Stream(8, 3, seed: 7, sample: 123), beside = Stream(32, 30, seed: 7, sample: 123);
        Assert.Equal(alone, beside);
        Assert.NotEqual(alone, Stream(8, 3, seed: 7, sample: 124));
        Assert.NotEqual(alone, Stream(8, 3, seed: 8, sample: 123));
    }

    private static float[] Stream(int lanes, int lane, ulong seed, int sample)
    {
        var random = new GaussianLanes(lanes);
        for (int l = 0; l < lanes; l++)
        {
            random.Seed(l, seed, l == lane ? sample : 1000 + l);
        }

        // Fills of odd and even numbers of rows follow each other.
        float[] first = new float[3 * lanes], second = new float[4 * lanes];
        random.Fill(first, 1);
        random.Fill(second, 2);
        return [.. first.Concat(second).Where((_, i) => i % lanes == lane)];
    }
}
