namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>What a step of a blind rotation asks for ahead of its use: a share of the next GGSW, and a share of a key-switching key that is read beside the rotation.</summary>
/// <param name="key">Where the one begins; null for nothing.</param>
/// <param name="keyBytes">Its length.</param>
/// <param name="stream">Where the other begins; null for nothing.</param>
/// <param name="streamBytes">Its length.</param>
internal readonly unsafe struct StepPrefetch(byte* key, long keyBytes, byte* stream = null, long streamBytes = 0)
{
    public byte* Key { get; } = key;

    public long KeyBytes { get; } = keyBytes;

    public byte* Stream { get; } = stream;

    public long StreamBytes { get; } = streamBytes;

    /// <summary>Bytes from one request to the next, so that all is asked for by so many; a line at most, even if some is left then.</summary>
    public static nint Stride(byte* from, long bytes, int requests) => from == null ? 0 : (nint)Math.Min(64, (bytes + requests - 1) / requests);
}
