using YamlDotNet.RepresentationModel;

namespace BlindGrain.Deploy.Tests.Kustomize;

/// <summary>Kubernetes' strategic merge for the lists that the overlays patch; another list in a patch is an error here, so that nobody trusts a guess.</summary>
internal static class StrategicMerge
{
    private static readonly Dictionary<string, string> s_keys = new(StringComparer.Ordinal)
    {
        ["containers"] = "name",
        ["volumes"] = "name",
        ["volumeMounts"] = "mountPath",
        ["env"] = "name",
    };

    /// <summary>Merges <paramref name="patch"/> into <paramref name="target"/>.</summary>
    public static void Apply(YamlMappingNode target, YamlMappingNode patch)
    {
        foreach ((YamlNode key, YamlNode value) in patch.Children)
        {
            string name = ((YamlScalarNode)key).Value!;
            YamlNode? old = target.At(name);
            if (old is YamlMappingNode map && value is YamlMappingNode change)
            {
                Apply(map, change);
            }
            else if (old is YamlSequenceNode list && value is YamlSequenceNode items)
            {
                Apply(list, items, s_keys.TryGetValue(name, out string? by) ? by : throw new NotSupportedException($"A patch changes the list '{name}', whose merge key is not known here."));
            }
            else
            {
                target.Put(name, value);
            }
        }
    }

    private static void Apply(YamlSequenceNode list, YamlSequenceNode items, string by)
    {
        foreach (YamlMappingNode item in items.Cast<YamlMappingNode>())
        {
            if (list.FirstOrDefault(i => i.Text(by) == item.Text(by)) is YamlMappingNode old)
            {
                Apply(old, item);
            }
            else
            {
                list.Add(item);
            }
        }
    }
}
