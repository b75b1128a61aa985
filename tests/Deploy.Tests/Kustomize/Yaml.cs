using YamlDotNet.RepresentationModel;

namespace BlindGrain.Deploy.Tests.Kustomize;

/// <summary>YAML documents as trees.</summary>
internal static class Yaml
{
    public static List<YamlMappingNode> Load(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(d => (YamlMappingNode)d.RootNode)];
    }

    public static string Write(YamlMappingNode document)
    {
        using var writer = new StringWriter();
        new YamlStream(new YamlDocument(document)).Save(writer, assignAnchors: false);
        return writer.ToString().TrimEnd().TrimEnd('.');
    }

    /// <summary>The value behind a path of keys, or null.</summary>
    public static YamlNode? At(this YamlNode? node, params ReadOnlySpan<string> path)
    {
        foreach (string key in path)
        {
            node = node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? value : null;
        }

        return node;
    }

    public static string? Text(this YamlNode? node, params ReadOnlySpan<string> path) => (node.At(path) as YamlScalarNode)?.Value;

    public static IEnumerable<YamlNode> Items(this YamlNode? node, params ReadOnlySpan<string> path) => (node.At(path) as YamlSequenceNode)?.Children ?? Enumerable.Empty<YamlNode>();

    public static void Put(this YamlNode? node, string key, YamlNode value) => ((YamlMappingNode)node!).Children[new YamlScalarNode(key)] = value;

    /// <summary>A text that reads the same however its keys are ordered, for comparisons.</summary>
    public static string Canonical(YamlNode node) => node switch
    {
        YamlMappingNode map => "{" + string.Join(",", map.Children.Select(p => $"{p.Key}:{Canonical(p.Value)}").Order(StringComparer.Ordinal)) + "}",
        YamlSequenceNode list => "[" + string.Join(",", list.Select(Canonical).Order(StringComparer.Ordinal)) + "]",
        _ => ((YamlScalarNode)node).Value ?? "",
    };
}
