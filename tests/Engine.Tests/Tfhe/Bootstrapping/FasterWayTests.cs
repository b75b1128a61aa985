using BlindGrain.Engine.Tfhe.Bootstrapping;

namespace BlindGrain.Engine.Tests.Tfhe.Bootstrapping;

public class FasterWayTests
{
    [Theory]
    [InlineData(100, 90, 1)]
    [InlineData(90, 100, 0)]
    public void Stays_with_the_way_whose_shortest_call_was_shorter(int first, int second, int expected)
    {
        var ways = new FasterWay();
        int[] calls = [0, 0];
        for (int i = 0; i < 2 * FasterWay.Trials; i++)
        {
            Assert.Equal(-1, ways.Chosen);
            int way = ways.Next();

            // Something else ran beside most of the faster way's calls.
            bool disturbed = way == expected && calls[way] % 3 != 2;
            calls[way]++;
            ways.Report(way, (way == 0 ? first : second) * (disturbed ? 5 : 1));
        }

        Assert.Equal([FasterWay.Trials, FasterWay.Trials], calls);
        Assert.Equal(expected, ways.Chosen);
        ways.Report(1 - expected, 1);
        Assert.Equal(expected, ways.Next());
    }
}
