namespace BlindGrain.Grains.Scheduling;

/// <summary>
/// How many rotations travel together. A slice takes about <paramref name="target"/> of one thread: long enough that messages cost little, short enough
/// that a lost one costs little and that a layer's last slices end together (guided self-scheduling, Polychronopoulos and Kuck, 1987).
/// </summary>
/// <param name="target">The time that a slice should take of one thread.</param>
internal sealed class SliceSize(TimeSpan target)
{
    /// <summary>A message's ciphertexts at most, in bytes: larger ones delay the cluster's small messages.</summary>
    public const int MaxBytes = 256 << 10;

    /// <summary>A slice is not made smaller than this fraction of its time to spread a layer: threads of one worker share slices anyway.</summary>
    private const double LeastSlice = 0.125;

    /// <summary>A silo joins a layer where each of its threads gets this fraction of a slice's time at least.</summary>
    private const double LeastShare = 0.25;

    /// <summary>The rotations of the next slice.</summary>
    /// <param name="remaining">The layer's rotations that have not been sent, at least 1.</param>
    /// <param name="ciphertextBytes">The bytes of one ciphertext, the larger way of the two.</param>
    /// <param name="milliseconds">What one rotation takes of a thread, as measured.</param>
    /// <param name="threads">The threads that may work on the layer, at least 1.</param>
    /// <param name="pass">The rotations that share a pass over the key: slices are whole passes where they are that long.</param>
    public int Next(int remaining, int ciphertextBytes, double milliseconds, int threads, int pass)
    {
        double byTime = Math.Clamp(target.TotalMilliseconds / Math.Max(milliseconds, 1e-3), 1, int.MaxValue);
        int most = Math.Min(Math.Max(1, MaxBytes / ciphertextBytes), (int)byTime);
        int share = (remaining + (2 * threads) - 1) / (2 * threads);
        int size = Math.Min(most, Math.Max(share, (int)(byTime * LeastSlice)));
        return Math.Min(remaining, size > pass ? size - (size % pass) : size);
    }

    /// <summary>The silos that a layer is worth: more would spend their time on keys and messages.</summary>
    /// <param name="rotations">The layer's rotations.</param>
    /// <param name="milliseconds">What one takes of a thread.</param>
    /// <param name="threads">The threads of a silo.</param>
    /// <param name="silos">The silos that there are.</param>
    public int Silos(int rotations, double milliseconds, int threads, int silos)
    {
        double worth = rotations * milliseconds / (threads * target.TotalMilliseconds * LeastShare);
        return Math.Clamp((int)Math.Min(Math.Ceiling(worth), int.MaxValue), 1, Math.Max(1, silos));
    }
}
