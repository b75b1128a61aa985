using BlindGrain.Grains.Scheduling;

namespace BlindGrain.Grains.Tests.Scheduling;

public class SiloLoadsTests
{
    private static readonly string[] s_silos = ["first", "second", "third"];
    private readonly ManualTime _time = new();
    private readonly SiloLoads<string> _loads;

    public SiloLoadsTests()
    {
        _loads = new SiloLoads<string>(2, _time);
    }

    [Fact]
    public void The_first_home_takes_what_it_can_and_the_second_the_rest()
    {
        Assert.Equal([("first", false), ("first", false), ("second", true), ("second", true), (null, true)], Enumerable.Range(0, 5).Select(_ => Take(2)));
        _loads.Done("second");
        Assert.Equal(("second", true), Take(2));

        // And back to the first as soon as it has room.
        _loads.Done("first");
        Assert.Equal(("first", false), Take(2));
    }

    [Fact]
    public void A_silo_that_is_not_worth_it_joins_only_for_one_that_pauses()
    {
        Assert.Equal([("first", false), ("first", false), (null, true)], Enumerable.Range(0, 3).Select(_ => Take(1)));
        _loads.Busy("first", TimeSpan.FromSeconds(1));
        Assert.Equal(("second", true), Take(1));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(("first", false), Take(1));
    }

    [Fact]
    public void Work_of_a_silo_that_failed_is_no_spill_and_pauses_grow()
    {
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(("first", false), Take(2));
            _loads.Failed("first", TimeSpan.FromSeconds(1));
            Assert.Equal(("second", false), Take(2));
            _loads.Done("second");
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        _ = Take(2);
        _loads.Failed("first", TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(("second", false), Take(2));
    }

    [Fact]
    public void A_busy_silo_is_asked_again_within_seconds_however_often_it_was()
    {
        for (int i = 0; i < 12; i++)
        {
            Assert.Equal("first", Take(1).Silo);
            _loads.Busy("first", TimeSpan.FromMilliseconds(100));
            _time.Advance(TimeSpan.FromSeconds(2.6));
        }
    }

    private (string? Silo, bool Spill) Take(int wanted) => _loads.TryTake(s_silos, wanted, out string? silo, out bool spill) ? (silo, spill) : (null, spill);
}
