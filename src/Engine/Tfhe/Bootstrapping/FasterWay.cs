namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// Chooses between two ways to one result by their times: the first calls take turns, then the way with the shorter shortest time stays. Which one that is differs by processor; what disturbs a call
/// makes it longer, never shorter. Threads may share an instance.
/// </summary>
internal sealed class FasterWay
{
    /// <summary>The calls of each way before one is chosen.</summary>
    public const int Trials = 6;

    private readonly Lock _lock = new();
    private readonly long[] _shortest = [long.MaxValue, long.MaxValue];
    private readonly int[] _done = [0, 0];
    private int _begun;
    private int _chosen = -1;

    /// <summary>The way that stays, 0 or 1; −1 while both are tried.</summary>
    public int Chosen => Volatile.Read(ref _chosen);

    /// <summary>The way of the next call.</summary>
    /// <returns>0 or 1.</returns>
    public int Next() => Chosen is var chosen and >= 0 ? chosen : Interlocked.Increment(ref _begun) & 1;

    /// <summary>Takes the time of a call that went a way of <see cref="Next"/>.</summary>
    /// <param name="way">0 or 1.</param>
    /// <param name="ticks">How long it took, in any unit.</param>
    public void Report(int way, long ticks)
    {
        if (Chosen >= 0)
        {
            return;
        }

        lock (_lock)
        {
            _shortest[way] = Math.Min(_shortest[way], ticks);
            _done[way]++;
            if (_done[0] >= Trials && _done[1] >= Trials)
            {
                Volatile.Write(ref _chosen, _shortest[1] < _shortest[0] ? 1 : 0);
            }
        }
    }
}
