namespace BlindGrain.Grains.Tests;

/// <summary>The system's time, whose calendar can be set forward; timers and durations run as ever.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));

    public void Pass(TimeSpan time) => Interlocked.Add(ref _offset, time.Ticks);
}
