using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace BlindGrain.Gateway.Security;

/// <summary>API keys: 32 random bytes in base64url behind the prefix "bg_". Only their SHA-256 is ever stored; a key has 256 bits of entropy, so a slow hash adds nothing.</summary>
public static class ApiKey
{
    private const string Prefix = "bg_";

    /// <summary>A fresh key.</summary>
    public static string Generate() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored of a key: its SHA-256, lower-case hexadecimal.</summary>
    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
