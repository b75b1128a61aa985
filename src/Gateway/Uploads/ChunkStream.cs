using System.Security.Cryptography;
using BlindGrain.Storage;

namespace BlindGrain.Gateway.Uploads;

/// <summary>Reads chunks one after the other as one stream, and hashes what is read.</summary>
internal sealed class ChunkStream(IBlobStore blobs, IReadOnlyList<BlobEntry> chunks) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private BlobContent? _current;
    private int _next;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => chunks.Sum(c => c.Length);

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>SHA-256 of all that was read, lower-case hexadecimal.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_current is null)
            {
                if (_next == chunks.Count)
                {
                    return 0;
                }

                _current = await blobs.OpenAsync(chunks[_next].Name, cancellationToken) ?? throw new IOException("A chunk of the upload is gone.");
                _next++;
            }

            int read = await _current.Stream.ReadAsync(buffer, cancellationToken);
            if (read > 0 || buffer.IsEmpty)
            {
                _hash.AppendData(buffer.Span[..read]);
                _position += read;
                return read;
            }

            await _current.DisposeAsync();
            _current = null;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Chunks are opened asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (_current is not null)
        {
            await _current.DisposeAsync();
        }

        _hash.Dispose();
        await base.DisposeAsync();
    }
}
