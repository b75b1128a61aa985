using BlindGrain.Grains.Scheduling;

namespace BlindGrain.Grains.Tests.Scheduling;

public class SiloWatchTests
{
    private readonly ManualTime _time = new();
    private readonly SiloWatch<string> _watch;

    public SiloWatchTests()
    {
        _watch = new SiloWatch<string>(TimeSpan.FromSeconds(3), _time);
    }

    [Fact]
    public void A_silo_that_answers_nothing_is_asked_and_then_silent()
    {
        _watch.Sent("s", isFirst: true);
        Assert.False(_watch.TryAsk("s"));
        Pass(1.25);
        Assert.True(_watch.TryAsk("s"));
        Assert.False(_watch.TryAsk("s"));
        Assert.False(_watch.IsSilent("s"));
        Pass(2);
        Assert.True(_watch.IsSilent("s"));

        // It went on: everything is as before.
        _watch.Told("s");
        _watch.Answered("s");
        Assert.False(_watch.IsSilent("s"));
    }

    [Fact]
    public void A_busy_silo_that_says_so_is_not_silent()
    {
        _watch.Sent("s", isFirst: true);
        for (int i = 0; i < 20; i++)
        {
            Pass(1.25);
            Assert.True(_watch.TryAsk("s"));
            _watch.Told("s");
            _watch.Answered("s");
            Assert.False(_watch.IsSilent("s"));
        }
    }

    [Fact]
    public void A_silo_without_work_needs_to_say_nothing()
    {
        _watch.Sent("s", isFirst: true);
        _watch.Answered("s");
        Pass(60);
        _watch.Sent("s", isFirst: true);
        Assert.False(_watch.TryAsk("s"));
        Assert.False(_watch.IsSilent("s"));
        Assert.False(_watch.IsSilent("never seen"));
    }

    [Fact]
    public void Who_was_stopped_itself_blames_nobody()
    {
        _watch.Sent("s", isFirst: true);
        Pass(1.25);
        Assert.True(_watch.TryAsk("s"));
        _time.Advance(TimeSpan.FromSeconds(30));
        _watch.Look();
        Assert.False(_watch.IsSilent("s"));
        Pass(4);
        Assert.True(_watch.IsSilent("s"));
    }

    /// <summary>Lets time pass for a watch that looks as it should.</summary>
    private void Pass(double seconds)
    {
        for (int i = 0; i < seconds * 4; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            _watch.Look();
        }
    }
}
