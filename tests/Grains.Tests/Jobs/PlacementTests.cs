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

    [Theory]
    [InlineData(1000, 8 << 10, 1, 16)] // many small ciphertexts: as many as allowed
    [InlineData(1000, 32 << 10, 1, 8)] // a quarter of a mebibyte
    [InlineData(1000, 512 << 10, 1, 1)] // larger than a message's measure: one by one
    [InlineData(30, 8 << 10, 2, 8)] // few: two slices a thread
    [InlineData(3, 8 << 10, 8, 1)]
    public void Slices_fit_messages_and_feed_every_thread(int count, int bytes, int threads, int expected) =>
        Assert.Equal(expected, SliceSize.For(count, bytes, threads));

    [Fact]
    public void The_first_home_takes_what_it_can_and_the_second_the_rest()
    {
        var loads = new SiloLoads(2, TimeProvider.System);
        Assert.Equal([s_silos[0], s_silos[0], s_silos[1], s_silos[1], null], Enumerable.Range(0, 5).Select(_ => loads.TryTake(s_silos[..2])));
        loads.Done(s_silos[1]);
        Assert.Equal(s_silos[1], loads.TryTake(s_silos[..2]));
        loads.Pause(s_silos[0], TimeSpan.FromMinutes(1));
        Assert.Null(loads.TryTake(s_silos[..2]));
    }
}
