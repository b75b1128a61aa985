using BlindGrain.Deploy.Tests.Kustomize;
using k8s;
using k8s.Models;

namespace BlindGrain.Deploy.Tests.Kubernetes;

/// <summary>The objects of one overlay, or of the base, read strictly into the types of Kubernetes: a field that does not exist there is an error.</summary>
internal sealed class Overlay
{
    private static readonly Dictionary<string, Lazy<Overlay>> s_overlays = ((string[])["base", "dev", "production"]).ToDictionary(n => n, n => new Lazy<Overlay>(() => Load(n)), StringComparer.Ordinal);

    private Overlay(string name, IReadOnlyList<object> objects) => (Name, Objects) = (name, objects);

    public static TheoryData<string> Names => ["dev", "production"];

    public string Name { get; }

    public IReadOnlyList<object> Objects { get; }

    public IEnumerable<V1Deployment> Deployments => Objects.OfType<V1Deployment>();

    /// <summary>The pods that controllers make, with their controller's name and labels.</summary>
    public IEnumerable<(string Owner, V1LabelSelector Selector, V1PodTemplateSpec Template)> Pods =>
        Deployments.Select(d => (d.Metadata.Name, d.Spec.Selector, d.Spec.Template)).Concat(
            Objects.OfType<V1StatefulSet>().Select(s => (s.Metadata.Name, s.Spec.Selector, s.Spec.Template)));

    public static string Folder(string name) => name == "base" ? Repository.PathOf("deploy", "k8s", name) : Repository.PathOf("deploy", "k8s", "overlays", name);

    public static Overlay Of(string name) => s_overlays[name].Value;

    public V1Deployment Deployment(string name) => Deployments.Single(d => d.Metadata.Name == name);

    /// <summary>The environment of a pod's first container: its ConfigMaps in order, then its own variables; those from fields are empty.</summary>
    public Dictionary<string, string> Environment(V1PodTemplateSpec template)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        V1Container container = template.Spec.Containers.Single();
        foreach (V1EnvFromSource source in container.EnvFrom ?? [])
        {
            foreach ((string key, string value) in Objects.OfType<V1ConfigMap>().Single(m => m.Metadata.Name == source.ConfigMapRef.Name).Data)
            {
                environment[key] = value;
            }
        }

        foreach (V1EnvVar variable in container.Env ?? [])
        {
            environment[variable.Name] = variable.Value ?? "";
        }

        return environment;
    }

    private static Overlay Load(string name) => new(name, [.. KustomizeBuilder.Build(Folder(name)).SelectMany(d => Read(Yaml.Write(d)))]);

    /// <summary>Reads one document, strictly.</summary>
    internal static List<object> Read(string yaml) => KubernetesYaml.LoadAllFromString(yaml, CustomResources.Types, strict: true);
}
