namespace BlindGrain.Grains.Scheduling;

/// <summary>
/// From when on a slice is a straggler: the smoothed round trip of a rotation and four times its mean deviation, as TCP sets its retransmission time-out
/// (Jacobson 1988, RFC 6298). The round trip includes the wait in the worker's queue, so a busy cluster waits longer. Not thread-safe.
/// </summary>
/// <param name="least">A slice is no straggler before this.</param>
internal sealed class StragglerClock(TimeSpan least)
{
    private double? _mean;
    private double _deviation;

    /// <summary>Takes a round trip in.</summary>
    /// <param name="rotations">The slice's rotations.</param>
    /// <param name="roundTrip">From its dispatch to its answer.</param>
    public void Observe(int rotations, TimeSpan roundTrip)
    {
        double each = roundTrip.TotalMilliseconds / rotations;
        if (_mean is not { } mean)
        {
            (_mean, _deviation) = (each, each / 2);
            return;
        }

        _deviation += 0.25 * (Math.Abs(each - mean) - _deviation);
        _mean = mean + (0.125 * (each - mean));
    }

    /// <summary>How long a slice may be under way before it is a straggler; null while no slice has come back to judge by.</summary>
    public TimeSpan? Limit(int rotations)
    {
        if (_mean is not { } mean)
        {
            return null;
        }

        var limit = TimeSpan.FromMilliseconds(rotations * (mean + (4 * _deviation)));
        return limit > least ? limit : least;
    }
}
