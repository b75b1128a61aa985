using System.Buffers;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Server;
using BlindGrain.Storage;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Uploads;

/// <summary>The chunks of what is being uploaded: each is a blob named by its offset, so an upload resumes wherever it broke off, through any gateway.</summary>
internal sealed class ChunkUploads(IBlobStore blobs, IOptions<GatewayOptions> options)
{
    /// <summary>The smallest chunk that is not the last one: each costs a file and an entry in every listing.</summary>
    public const long MinChunkBytes = 64 << 10;

    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdef");

    /// <summary>Checks the hash of an announcement.</summary>
    /// <exception cref="ProblemException">It is no SHA-256.</exception>
    public static string RequireSha256(string? sha256) => sha256 is { Length: 64 } && !sha256.AsSpan().ContainsAnyExcept(s_hex)
        ? sha256
        : throw ProblemException.BadRequest(ErrorCodes.InvalidRequest, "'sha256' must be the file's SHA-256 as 64 lower-case hexadecimal digits.");

    /// <summary>The chunks that follow one another from offset 0, in order.</summary>
    public async Task<IReadOnlyList<BlobEntry>> Chunks(ChunkTarget target, CancellationToken cancellation)
    {
        var chunks = new List<BlobEntry>();
        long next = 0;
        await foreach (BlobEntry entry in blobs.ListAsync(target.Prefix, cancellation))
        {
            if (entry.Name == target.Chunk(next))
            {
                chunks.Add(entry);
                next += entry.Length;
            }
        }

        return chunks;
    }

    /// <summary>How many bytes are there, from the first one on.</summary>
    public async Task<long> Received(ChunkTarget target, CancellationToken cancellation) => (await Chunks(target, cancellation)).Sum(c => c.Length);

    /// <summary>Everything that was received, as one stream, which hashes what is read of it.</summary>
    /// <exception cref="ProblemException">Some is missing.</exception>
    public async Task<ChunkStream> Open(ChunkTarget target, CancellationToken cancellation)
    {
        IReadOnlyList<BlobEntry> chunks = await Chunks(target, cancellation);
        long received = chunks.Sum(c => c.Length);
        return received == target.Bytes
            ? new ChunkStream(blobs, chunks)
            : throw ProblemException.Unprocessable(ErrorCodes.LengthMismatch, $"The upload has {received} bytes, announced were {target.Bytes}. Commit once all are there; the upload was discarded.");
    }

    /// <summary>Stores a request's body as a chunk and returns the bytes that are there then.</summary>
    public async Task<long> Append(ChunkTarget target, long offset, HttpContext context)
    {
        CancellationToken cancellation = context.RequestAborted;
        context.LimitBody(options.Value.MaxChunkBytes);
        long length = context.Request.ContentLength
            ?? throw new ProblemException(StatusCodes.Status411LengthRequired, ErrorCodes.InvalidRequest, "A chunk needs a Content-Length.");
        IReadOnlyList<BlobEntry> chunks = await Chunks(target, cancellation);
        long received = chunks.Sum(c => c.Length);
        string name = target.Chunk(offset);
        if (offset < received && chunks.Any(c => c.Name == name && c.Length == length))
        {
            // The same chunk again: the answer to the first one was lost.
            await context.Request.Body.CopyToAsync(Stream.Null, cancellation);
            return received;
        }

        if (offset != received)
        {
            throw ProblemException.Conflict(ErrorCodes.UploadOffsetMismatch, $"The chunk is for offset {offset}, but {received} bytes are here; go on at {received}.");
        }

        if (length < 1 || offset + length > target.Bytes)
        {
            throw ProblemException.BadRequest(ErrorCodes.LengthMismatch, $"A chunk of {length} bytes at offset {offset} does not fit the announced {target.Bytes} bytes.");
        }

        if (length < MinChunkBytes && offset + length < target.Bytes)
        {
            throw ProblemException.BadRequest(ErrorCodes.LengthMismatch, $"A chunk of {length} bytes is too small; all but the last have at least {MinChunkBytes}.");
        }

        try
        {
            // A chunk that is there is never written over: of two uploads at once, one goes on, the other is told where.
            _ = await blobs.WriteAsync(name, context.Request.Body, BlobCondition.Absent, cancellation);
        }
        catch (BlobConflictException)
        {
            throw ProblemException.Conflict(ErrorCodes.UploadOffsetMismatch, $"Another request has just sent a chunk for offset {offset}; ask GET {target.StatePath} where to go on.");
        }

        return received + length;
    }

    /// <summary>Deletes all chunks.</summary>
    public Task Clear(ChunkTarget target) => blobs.DeleteAllAsync(target.Prefix);
}
