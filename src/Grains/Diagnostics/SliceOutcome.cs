namespace BlindGrain.Grains.Diagnostics;

/// <summary>How a worker answered a slice.</summary>
internal enum SliceOutcome
{
    /// <summary>With ciphertexts.</summary>
    Computed,

    /// <summary>That it has no place, or no memory for the keys, now.</summary>
    Busy,

    /// <summary>That it cannot compute it, and why.</summary>
    Refused,

    /// <summary>With an exception, its job's cancellation among them.</summary>
    Failed,
}
