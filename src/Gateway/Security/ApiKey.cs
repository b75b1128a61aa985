using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace BlindGrain.Gateway.Security;

/// <summary>
/// API keys: 32 random bytes in base64url behind the prefix "bg_", and in keys that administrators issue behind "bg_ID.", which tells which credential it is. Only their SHA-256 is ever stored;
/// a key has 256 bits of entropy, so a slow hash adds nothing.
/// </summary>
public static class ApiKey
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "bg_";

    private const int IdBytes = 8;
    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdef");

    /// <summary>A fresh key of no id, for settings and files.</summary>
    public static string Generate() => Prefix + Secret();

    /// <summary>A fresh key with the id of its credential.</summary>
    public static string Generate(string id) => $"{Prefix}{id}.{Secret()}";

    /// <summary>A fresh id for a credential: 16 hexadecimal digits, not secret.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    /// <summary>The id in a key; null where it has none.</summary>
    public static string? IdOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        int dot = Prefix.Length + (2 * IdBytes);
        return key.Length > dot && key[dot] == '.' && key.StartsWith(Prefix, StringComparison.Ordinal) && key.AsSpan(Prefix.Length, 2 * IdBytes).IndexOfAnyExcept(s_hex) < 0
            ? key[Prefix.Length..dot]
            : null;
    }

    /// <summary>What is stored of a key: its SHA-256, lower-case hexadecimal.</summary>
    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
