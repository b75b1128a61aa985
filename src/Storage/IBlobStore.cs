namespace BlindGrain.Storage;

/// <summary>
/// Named immutable-or-replaced byte sequences. Names are '/'-separated segments of [A-Za-z0-9._-], at most 512 characters,
/// no segment of only dots. A write is atomic: readers see the whole old or the whole new blob, never a part.
/// </summary>
public interface IBlobStore
{
    /// <summary>Writes a blob.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="content">Read to its end; bounded memory is used.</param>
    /// <param name="condition">What must hold of the present blob.</param>
    /// <param name="cancellation">Stops the write; nothing is left behind then.</param>
    /// <returns>The new ETag.</returns>
    /// <exception cref="BlobConflictException">The condition does not hold.</exception>
    Task<string> WriteAsync(string name, Stream content, BlobCondition condition = default, CancellationToken cancellation = default);

    /// <summary>Opens a blob for reading.</summary>
    /// <returns>The blob, or null where there is none. A failing backend throws: failure is never "empty".</returns>
    Task<BlobContent?> OpenAsync(string name, CancellationToken cancellation = default);

    /// <summary>Deletes a blob; no error where there is none, unless the condition asks for one.</summary>
    /// <exception cref="BlobConflictException">The condition does not hold.</exception>
    Task DeleteAsync(string name, BlobCondition condition = default, CancellationToken cancellation = default);

    /// <summary>The names (with lengths) that start with <paramref name="prefix"/>, in ordinal order.</summary>
    IAsyncEnumerable<BlobEntry> ListAsync(string prefix, CancellationToken cancellation = default);
}

/// <summary>What must hold of the present blob for a write or delete: nothing, absence, or an ETag.</summary>
/// <param name="IfMatch">The ETag that the blob must have; null for no such demand.</param>
/// <param name="MustNotExist">The blob must not exist.</param>
public readonly record struct BlobCondition(string? IfMatch, bool MustNotExist)
{
    /// <summary>The blob must not exist yet.</summary>
    public static BlobCondition Absent => new(null, true);

    /// <summary>The blob must have this ETag.</summary>
    public static BlobCondition Match(string etag) => new(etag, false);
}

/// <summary>A blob's name and length in bytes.</summary>
public sealed record BlobEntry(string Name, long Length);

/// <summary>An open blob; dispose it.</summary>
public sealed class BlobContent(Stream stream, long length, string etag) : IAsyncDisposable
{
    /// <summary>The content; seekable where the backend is the file system.</summary>
    public Stream Stream { get; } = stream;

    /// <summary>The length in bytes.</summary>
    public long Length { get; } = length;

    /// <summary>The version tag.</summary>
    public string ETag { get; } = etag;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}

/// <summary>The condition of a conditional write or delete does not hold: someone else was first.</summary>
public sealed class BlobConflictException : IOException
{
    /// <summary>Creates the exception.</summary>
    public BlobConflictException()
    {
    }

    /// <inheritdoc cref="BlobConflictException()"/>
    public BlobConflictException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="BlobConflictException()"/>
    public BlobConflictException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
