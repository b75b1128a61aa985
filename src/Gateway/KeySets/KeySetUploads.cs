using BlindGrain.Gateway.Errors;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Gateway.KeySets;

/// <summary>The chunks of key sets being uploaded: each is a blob named by its offset, so an upload resumes wherever it broke off.</summary>
internal sealed class KeySetUploads(IBlobStore blobs)
{
    /// <summary>The smallest chunk that is not the last one: each costs a file and an entry in every listing.</summary>
    public const long MinChunkBytes = 64 << 10;

    /// <summary>The chunks that follow one another from offset 0, in order.</summary>
    public async Task<IReadOnlyList<BlobEntry>> Chunks(string tenant, string keySet, CancellationToken cancellation)
    {
        var chunks = new List<BlobEntry>();
        long next = 0;
        await foreach (BlobEntry entry in blobs.ListAsync(BlobNames.KeySetChunks(tenant, keySet), cancellation))
        {
            if (entry.Name == BlobNames.KeySetChunk(tenant, keySet, next))
            {
                chunks.Add(entry);
                next += entry.Length;
            }
        }

        return chunks;
    }

    /// <summary>Stores a chunk and returns the bytes that are there then.</summary>
    public async Task<long> Append(string tenant, KeySetInfo info, long offset, Stream body, long length, CancellationToken cancellation)
    {
        IReadOnlyList<BlobEntry> chunks = await Chunks(tenant, info.KeySet, cancellation);
        long received = chunks.Sum(c => c.Length);
        string name = BlobNames.KeySetChunk(tenant, info.KeySet, offset);
        if (offset < received && chunks.Any(c => c.Name == name && c.Length == length))
        {
            // The same chunk again: the answer to the first one was lost.
            await body.CopyToAsync(Stream.Null, cancellation);
            return received;
        }

        if (offset != received)
        {
            throw ProblemException.Conflict(ErrorCodes.UploadOffsetMismatch, $"The chunk is for offset {offset}, but {received} bytes are here; go on at {received}.");
        }

        if (length < 1 || offset + length > info.Bytes)
        {
            throw ProblemException.BadRequest(ErrorCodes.LengthMismatch, $"A chunk of {length} bytes at offset {offset} does not fit the announced {info.Bytes} bytes.");
        }

        if (length < MinChunkBytes && offset + length < info.Bytes)
        {
            throw ProblemException.BadRequest(ErrorCodes.LengthMismatch, $"A chunk of {length} bytes is too small; all but the last have at least {MinChunkBytes}.");
        }

        try
        {
            // A chunk that is there is never written over: of two uploads at once, one goes on, the other is told where.
            _ = await blobs.WriteAsync(name, body, BlobCondition.Absent, cancellation);
        }
        catch (BlobConflictException)
        {
            throw ProblemException.Conflict(ErrorCodes.UploadOffsetMismatch, $"Another request has just sent a chunk for offset {offset}; ask GET /v2/keysets/{info.KeySet} where to go on.");
        }

        return received + length;
    }

    /// <summary>Deletes all chunks.</summary>
    public async Task Clear(string tenant, string keySet, CancellationToken cancellation)
    {
        await foreach (BlobEntry entry in blobs.ListAsync(BlobNames.KeySetChunks(tenant, keySet), cancellation))
        {
            await blobs.DeleteAsync(entry.Name, cancellation: cancellation);
        }
    }
}
