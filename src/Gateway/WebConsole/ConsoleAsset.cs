using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace BlindGrain.Gateway.WebConsole;

/// <summary>One file of the built console (src/Console), which lies in this assembly.</summary>
/// <param name="Path">Its path below /console/.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="ETag">Its tag: a hash of the bytes.</param>
internal sealed record ConsoleAsset(string Path, string ContentType, byte[] Content, EntityTagHeaderValue ETag)
{
    /// <summary>What the names of the assembly's resources begin with.</summary>
    private const string Prefix = "console/";

    private static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    /// <summary>All files.</summary>
    public static IEnumerable<ConsoleAsset> All()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (string name in assembly.GetManifestResourceNames().Select(n => n.Replace('\\', '/')).Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            yield return new ConsoleAsset(
                name[Prefix.Length..], s_types[System.IO.Path.GetExtension(name)], content, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content)[..16])}\""));
        }
    }
}
