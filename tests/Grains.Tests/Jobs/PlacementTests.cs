using System.Net;
using BlindGrain.Grains.Jobs;

namespace BlindGrain.Grains.Tests.Jobs;

public class PlacementTests
{
    private static readonly SiloAddress[] s_silos = [.. Enumerable.Range(1, 5).Select(i => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11110 + i), 7))];

    [Fact]
    public void The_order_of_homes_does_not_depend_on_who_asks_in_what_order()
    {
        Assert.Equal(HomeSilos.Rank("t", "k", s_silos), HomeSilos.Rank("t", "k", s_silos.Reverse()));
    }

    [Fact]
    public void A_silo_that_goes_moves_only_its_own_key_sets()
    {
        int moved = 0;
        for (int k = 0; k < 200; k++)
        {
            SiloAddress before = HomeSilos.Rank("t", $"k{k}", s_silos)[0], after = HomeSilos.Rank("t", $"k{k}", s_silos.Skip(1))[0];
            Assert.True(before.Equals(after) || before.Equals(s_silos[0]));
            moved += before.Equals(after) ? 0 : 1;
        }

        Assert.InRange(moved, 15, 80);
    }
}
