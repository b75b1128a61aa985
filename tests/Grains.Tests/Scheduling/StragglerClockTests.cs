using BlindGrain.Grains.Scheduling;

namespace BlindGrain.Grains.Tests.Scheduling;

public class StragglerClockTests
{
    [Fact]
    public void Nothing_is_a_straggler_before_anything_came_back() => Assert.Null(new StragglerClock(TimeSpan.FromMilliseconds(500)).Limit(8));

    [Fact]
    public void The_limit_is_the_mean_and_four_deviations_and_grows_with_the_slice()
    {
        var clock = new StragglerClock(TimeSpan.FromMilliseconds(500));
        clock.Observe(8, TimeSpan.FromMilliseconds(800));

        // RFC 6298: the first deviation is half of the first value.
        Assert.Equal(TimeSpan.FromMilliseconds(300 * 8), clock.Limit(8));
        for (int i = 0; i < 200; i++)
        {
            clock.Observe(8, TimeSpan.FromMilliseconds(800));
        }

        Assert.Equal(3200, clock.Limit(32)!.Value.TotalMilliseconds, 1.0);
        Assert.Equal(TimeSpan.FromMilliseconds(500), clock.Limit(1));
        clock.Observe(8, TimeSpan.FromMilliseconds(8000));
        Assert.InRange(clock.Limit(8)!.Value.TotalMilliseconds, 5000, 9000);
    }
}
