namespace BlindGrain.Grains.Diagnostics;

/// <summary>What the key cache had for a request.</summary>
internal enum KeyRequestResult
{
    /// <summary>The key, or its load that had begun.</summary>
    Hit,

    /// <summary>Room for it: its load begins.</summary>
    Load,

    /// <summary>No room, for keys in use.</summary>
    Full,
}
