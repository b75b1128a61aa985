namespace BlindGrain.Grains.Expiry;

/// <summary>What a sweep remembers for the next ones.</summary>
internal sealed class SweeperState
{
    /// <summary>Names of blobs that belong to no job, key set or upload, and since when that is known: an input is stored before its job.</summary>
    public Dictionary<string, DateTimeOffset> Orphans { get; set; } = [];
}
