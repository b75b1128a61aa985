using System.Security.Cryptography;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace BlindGrain.Deploy.Tests.Kustomize;

/// <summary>
/// What <c>kubectl kustomize</c> makes of a folder, for the features that deploy/k8s uses: resources, namespace, images, generated ConfigMaps
/// (hashed names, merging) and strategic-merge patches. A feature that is not known here is an error.
/// </summary>
internal static class KustomizeBuilder
{
    private static readonly string[] s_known = ["apiVersion", "kind", "namespace", "resources", "images", "configMapGenerator", "patches"];

    public static List<YamlMappingNode> Build(string folder)
    {
        (List<YamlMappingNode> resources, Dictionary<string, YamlMappingNode> maps) = Collect(folder);
        foreach ((string name, YamlMappingNode map) in maps)
        {
            string hashed = $"{name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Yaml.Canonical(map))))[..10]}";
            map.At("metadata").Put("name", new YamlScalarNode(hashed));
            foreach (YamlMappingNode resource in resources)
            {
                Rename(resource, name, hashed);
            }
        }

        return [.. resources, .. maps.Values];
    }

    private static (List<YamlMappingNode> Resources, Dictionary<string, YamlMappingNode> Maps) Collect(string folder)
    {
        YamlMappingNode kustomization = Yaml.Load(File.ReadAllText(Path.Combine(folder, "kustomization.yaml"))).Single();
        string[] unknown = [.. kustomization.Children.Keys.Select(k => ((YamlScalarNode)k).Value!).Except(s_known)];
        Assert.True(unknown.Length == 0, $"{folder} uses {string.Join(", ", unknown)}, which this builder does not know.");
        var resources = new List<YamlMappingNode>();
        var maps = new Dictionary<string, YamlMappingNode>(StringComparer.Ordinal);
        foreach (string entry in kustomization.Items("resources").Select(r => ((YamlScalarNode)r).Value!))
        {
            string path = Path.Combine(folder, entry);
            if (Directory.Exists(path))
            {
                (List<YamlMappingNode> inner, Dictionary<string, YamlMappingNode> innerMaps) = Collect(path);
                resources.AddRange(inner);
                innerMaps.ToList().ForEach(m => maps.Add(m.Key, m.Value));
            }
            else
            {
                resources.AddRange(Yaml.Load(File.ReadAllText(path)));
            }
        }

        Generate(kustomization, maps);
        foreach (string path in kustomization.Items("patches").Select(p => p.Text("path")!))
        {
            foreach (YamlMappingNode patch in Yaml.Load(File.ReadAllText(Path.Combine(folder, path))))
            {
                StrategicMerge.Apply(resources.Single(r => Identity(r) == Identity(patch)), patch);
            }
        }

        foreach (YamlNode image in kustomization.Items("images"))
        {
            resources.ForEach(r => SetImage(r, image));
        }

        if (kustomization.Text("namespace") is { } ns)
        {
            resources.Concat(maps.Values).Where(r => r.Text("kind") != "Namespace").ToList().ForEach(r => r.At("metadata").Put("namespace", new YamlScalarNode(ns)));
        }

        return (resources, maps);
    }

    private static void Generate(YamlMappingNode kustomization, Dictionary<string, YamlMappingNode> maps)
    {
        foreach (YamlNode generator in kustomization.Items("configMapGenerator"))
        {
            string name = generator.Text("name")!;
            bool merge = generator.Text("behavior") == "merge";
            Assert.True(merge == maps.ContainsKey(name), $"ConfigMap {name}: merge what is there, create what is not.");
            if (!merge)
            {
                maps.Add(name, Yaml.Load($"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}, data: {{}}}}").Single());
            }

            foreach (string literal in generator.Items("literals").Select(l => ((YamlScalarNode)l).Value!))
            {
                string[] parts = literal.Split('=', 2);
                maps[name].At("data").Put(parts[0], new YamlScalarNode(parts[1]) { Style = YamlDotNet.Core.ScalarStyle.DoubleQuoted });
            }
        }
    }

    private static (string?, string?, string?) Identity(YamlMappingNode resource) => (resource.Text("apiVersion"), resource.Text("kind"), resource.Text("metadata", "name"));

    private static void SetImage(YamlMappingNode resource, YamlNode image)
    {
        foreach (YamlNode container in resource.Items("spec", "template", "spec", "containers").Where(c => c.Text("image") == image.Text("name")))
        {
            container.Put("image", new YamlScalarNode($"{image.Text("newName") ?? image.Text("name")}:{image.Text("newTag")}"));
        }
    }

    /// <summary>Follows a generated name to where pods name it.</summary>
    private static void Rename(YamlMappingNode resource, string name, string hashed)
    {
        IEnumerable<YamlNode?> references = resource.Items("spec", "template", "spec", "containers").SelectMany(c => c.Items("envFrom")).Select(e => e.At("configMapRef"))
            .Concat(resource.Items("spec", "template", "spec", "volumes").Select(v => v.At("configMap")));
        foreach (YamlNode? reference in references.Where(r => r.Text("name") == name))
        {
            reference.Put("name", new YamlScalarNode(hashed));
        }
    }
}
