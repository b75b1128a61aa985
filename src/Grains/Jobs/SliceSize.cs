namespace BlindGrain.Grains.Jobs;

/// <summary>How many ciphertexts travel together.</summary>
internal static class SliceSize
{
    /// <summary>A message's ciphertexts at most, in bytes: larger ones delay the cluster's small messages.</summary>
    private const int MaxBytes = 256 << 10;

    /// <summary>And at most this many, so that a slice takes seconds at the largest parameters.</summary>
    private const int MaxCount = 16;

    /// <summary>
    /// The ciphertexts of a slice: as many as a message takes, but few enough that each thread of the cluster gets two slices
    /// where the layer has that many ciphertexts.
    /// </summary>
    /// <param name="count">The layer's ciphertexts.</param>
    /// <param name="ciphertextBytes">The bytes of one.</param>
    /// <param name="threads">The threads of the cluster.</param>
    public static int For(int count, int ciphertextBytes, int threads)
    {
        int most = Math.Clamp(MaxBytes / ciphertextBytes, 1, MaxCount);
        int parts = 2 * threads;
        return Math.Clamp((count + parts - 1) / parts, 1, most);
    }
}
