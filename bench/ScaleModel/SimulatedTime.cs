namespace BlindGrain.ScaleModel;

/// <summary>The simulation's clock and its agenda: time goes from one event to the next. Milliseconds from the start.</summary>
public sealed class SimulatedTime : TimeProvider
{
    private readonly PriorityQueue<Action, (double Time, long Sequence)> _agenda = new();
    private long _sequence;

    /// <summary>Now.</summary>
    public double Now { get; private set; }

    /// <summary>The events that have happened.</summary>
    public long Events { get; private set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMilliseconds(Now);

    /// <inheritdoc/>
    public override long GetTimestamp() => (long)(Now * TimeSpan.TicksPerMillisecond);

    /// <summary>Has something happen at a time that is not past; what is due at the same time happens in the order of these calls.</summary>
    public void At(double time, Action happens) => _agenda.Enqueue(happens, (Math.Max(time, Now), _sequence++));

    /// <summary>Has something happen after a while.</summary>
    public void After(double milliseconds, Action happens) => At(Now + milliseconds, happens);

    /// <summary>Lets time go until <paramref name="end"/>, or until nothing is on the agenda.</summary>
    public void RunUntil(double end)
    {
        while (_agenda.TryPeek(out Action? happens, out (double Time, long Sequence) due) && due.Time <= end)
        {
            _ = _agenda.Dequeue();
            Now = due.Time;
            Events++;
            happens();
        }

        Now = Math.Max(Now, end);
    }
}
