namespace BlindGrain.Storage;

/// <summary>What every store can do by what it must do.</summary>
public static class BlobStoreExtensions
{
    /// <summary>Deletes all blobs whose names start with <paramref name="prefix"/>; what appears meanwhile may stay.</summary>
    public static async Task DeleteAllAsync(this IBlobStore blobs, string prefix, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(blobs);
        await foreach (BlobEntry entry in blobs.ListAsync(prefix, cancellation))
        {
            await blobs.DeleteAsync(entry.Name, cancellation: cancellation);
        }
    }
}
