using System.Security.Cryptography;
using BlindGrain.Grains.Workers;
using BlindGrain.Storage;

namespace BlindGrain.Grains.Caches;

/// <summary>Reads a blob whose hash is known, on a thread of its own.</summary>
internal static class HashedBlob
{
    /// <summary>Parses the blob and checks its hash.</summary>
    /// <param name="blobs">The store.</param>
    /// <param name="name">The blob's name.</param>
    /// <param name="sha256">What its bytes must hash to, lower-case hexadecimal.</param>
    /// <param name="missing">The error code where there is no such blob.</param>
    /// <param name="parse">Reads the stream to its end.</param>
    /// <param name="then">Goes on with what was parsed, on the same thread, once the hash has been found right.</param>
    public static async Task<TResult> ReadAsync<TParsed, TResult>(IBlobStore blobs, string name, string sha256, string missing, Func<Stream, TParsed> parse, Func<TParsed, TResult> then)
    {
        BlobContent? blob = await blobs.OpenAsync(name);
        if (blob is null)
        {
            throw new SliceRefusedException(missing, $"The file {name} does not exist.");
        }

        await using (blob.ConfigureAwait(false))
        {
            return await DedicatedThread.RunAsync(() => then(Parse(blob.Stream, name, sha256, missing, parse)));
        }
    }

    private static T Parse<T>(Stream content, string name, string sha256, string missing, Func<Stream, T> parse)
    {
        using var hash = SHA256.Create();
        using var hashed = new CryptoStream(content, hash, CryptoStreamMode.Read, leaveOpen: true);
        T parsed;
        try
        {
            parsed = parse(hashed);
        }
        catch (FormatException e)
        {
            throw new SliceRefusedException(missing, $"The file {name} is damaged: {e.Message}", e);
        }

        hashed.CopyTo(Stream.Null);
        return Convert.ToHexStringLower(hash.Hash!) == sha256
            ? parsed
            : throw new SliceRefusedException(missing, $"The file {name} is not the one that was registered: its hash differs.");
    }
}
