using System.Xml.Linq;
using BlindGrain.Tests;

namespace BlindGrain.Deploy.Tests;

/// <summary>The repository's files.</summary>
internal static class Repository
{
    public static string Root => SharedData.RepositoryRoot;

    /// <summary>The version that everything is built with.</summary>
    public static string Version { get; } = XDocument.Load(Path.Combine(Root, "Directory.Build.props")).Descendants("Version").Single().Value;

    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    public static string Read(params ReadOnlySpan<string> parts) => File.ReadAllText(PathOf(parts));
}
