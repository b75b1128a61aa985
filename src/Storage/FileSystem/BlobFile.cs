using System.Buffers.Binary;
using System.Security.Cryptography;

namespace BlindGrain.Storage.FileSystem;

/// <summary>
/// A blob's file: "BGBLOB" and a version (8 bytes), the ETag (16 random bytes), the content's length (8 bytes, little-endian),
/// the content. The tag lies in the file itself, so that content and tag change in one rename.
/// </summary>
internal static class BlobFile
{
    /// <summary>The bytes before the content.</summary>
    public const int HeaderSize = 32;

    private const int BufferSize = 1 << 17;
    private static readonly byte[] s_magic = "BGBLOB\x01\n"u8.ToArray();

    /// <summary>Writes a new file through to the disk.</summary>
    /// <returns>The ETag.</returns>
    public static async Task<string> CreateAsync(string path, Stream content, CancellationToken cancellation)
    {
        var header = new byte[HeaderSize];
        s_magic.CopyTo(header, 0);
        RandomNumberGenerator.Fill(header.AsSpan(8, 16));
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            await file.WriteAsync(header, cancellation);
            await content.CopyToAsync(file, BufferSize, cancellation);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), file.Length - HeaderSize);
            file.Position = 0;
            await file.WriteAsync(header, cancellation);
            file.Flush(flushToDisk: true);
        }

        return ETagOf(header);
    }

    /// <summary>Opens a file for reading, or gives null where there is none.</summary>
    /// <exception cref="IOException">It is there but cannot be read, or is damaged.</exception>
    public static BlobContent? Open(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        try
        {
            var header = new byte[HeaderSize];
            int read = file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false);
            if (read < HeaderSize || !header.AsSpan(0, 8).SequenceEqual(s_magic)
                || BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(24)) != file.Length - HeaderSize)
            {
                throw new IOException($"The blob file {path} is damaged: its header does not fit its length.");
            }

            return new BlobContent(new ContentStream(file, HeaderSize), file.Length - HeaderSize, ETagOf(header));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string ETagOf(byte[] header) => Convert.ToHexStringLower(header.AsSpan(8, 16));
}
