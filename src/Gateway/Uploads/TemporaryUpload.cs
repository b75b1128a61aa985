using System.Security.Cryptography;
using BlindGrain.Gateway.Errors;

namespace BlindGrain.Gateway.Uploads;

/// <summary>A request body in a temporary file, hashed on the way; the file goes with the object.</summary>
internal sealed class TemporaryUpload : IAsyncDisposable
{
    private readonly FileStream _file;

    private TemporaryUpload(FileStream file, long length, string sha256)
    {
        _file = file;
        Length = length;
        Sha256 = sha256;
    }

    public long Length { get; }

    public string Sha256 { get; }

    /// <summary>The content, from its beginning.</summary>
    public Stream Rewind()
    {
        _file.Position = 0;
        return _file;
    }

    /// <summary>Reads a body of at most <paramref name="maxBytes"/>.</summary>
    public static async Task<TemporaryUpload> Receive(Stream body, long maxBytes, CancellationToken cancellation)
    {
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"blindgrain-{Guid.NewGuid():N}"),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var piece = new byte[1 << 16];
            int read;
            while ((read = await body.ReadAsync(piece, cancellation)) > 0)
            {
                if (file.Length + read > maxBytes)
                {
                    throw ProblemException.TooLarge($"The body has more than the {maxBytes} bytes that are taken here.");
                }

                hash.AppendData(piece, 0, read);
                await file.WriteAsync(piece.AsMemory(0, read), cancellation);
            }

            await file.FlushAsync(cancellation);
            return new TemporaryUpload(file, file.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
