using BlindGrain.Storage;

namespace BlindGrain.Gateway.Uploads;

/// <summary>An upload in chunks: where they lie, how long the whole is to be, and where its state is told.</summary>
/// <param name="Prefix">What the chunks' names begin with.</param>
/// <param name="Bytes">The announced length.</param>
/// <param name="StatePath">The route that tells the upload's state, for messages.</param>
internal sealed record ChunkTarget(string Prefix, long Bytes, string StatePath)
{
    /// <summary>The name of the chunk that begins at <paramref name="offset"/>.</summary>
    public string Chunk(long offset) => BlobNames.Chunk(Prefix, offset);
}
