namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>What a step of a blind rotation asks for ahead of its use: a share of the next GGSW, and a share of a key-switching key that is read beside the rotation.</summary>
/// <param name="key">Where the one begins; null for nothing.</param>
/// <param name="spread">How requests for it are spread.</param>
/// <param name="stream">Where the other begins; null for nothing.</param>
/// <param name="streamStep">Bytes from one request for it to the next.</param>
internal readonly unsafe struct StepPrefetch(byte* key, KeySpread spread, byte* stream = null, nint streamStep = 0)
{
    public byte* Key { get; } = key;

    public KeySpread Spread { get; } = key == null ? default : spread;

    public byte* Stream { get; } = stream;

    public nint StreamStep { get; } = stream == null ? 0 : streamStep;
}
