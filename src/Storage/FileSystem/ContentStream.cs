namespace BlindGrain.Storage.FileSystem;

/// <summary>The part of a file behind its header, to read and seek.</summary>
internal sealed class ContentStream : Stream
{
    private readonly FileStream _file;
    private readonly int _start;

    public ContentStream(FileStream file, int start)
    {
        _file = file;
        _start = start;
        _file.Position = start;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _file.Length - _start;

    public override long Position
    {
        get => _file.Position - _start;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _file.Position = value + _start;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => _file.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => _file.Read(buffer);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _file.ReadAsync(buffer, offset, count, cancellationToken);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _file.ReadAsync(buffer, cancellationToken);

    public override long Seek(long offset, SeekOrigin origin)
    {
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => Length + offset,
        };
        return Position;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("A blob is read-only once written.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A blob is read-only once written.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
