using BlindGrain.Deploy.Tests.Kustomize;
using k8s;
using k8s.Models;

namespace BlindGrain.Deploy.Tests.Kubernetes;

public class SchemaTests
{
    /// <summary>Every manifest, those that no kustomization names too.</summary>
    public static TheoryData<string> Files => [.. Directory
        .EnumerateFiles(Repository.PathOf("deploy", "k8s"), "*.yaml", SearchOption.AllDirectories)
        .Where(f => Path.GetFileName(f) != "kustomization.yaml")
        .Select(f => Path.GetRelativePath(Repository.Root, f))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_manifest_has_only_fields_that_exist_and_is_part_of_a_kustomization(string file)
    {
        Assert.NotEmpty(Yaml.Load(Repository.Read(file)).SelectMany(d => Overlay.Read(Yaml.Write(d))));
        string kustomization = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Repository.PathOf(file))!, "kustomization.yaml"));
        Assert.Contains($"- {Path.GetFileName(file)}\n", kustomization.Replace("- path: ", "- ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selectr: {a: b}}")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {clusterIP: None, clusterIP: None}")]
    [InlineData("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{name: c, livenessProbe: {periodSeconds: often}}]}}}")]
    [InlineData("apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: {name: a}\nspec: {ca: {secret: s}}")]
    public void Fields_and_values_that_do_not_exist_are_refused(string manifest) => Assert.ThrowsAny<Exception>(() => Overlay.Read(manifest));

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public void Names_are_unique_and_everything_lies_in_the_namespace(string overlay)
    {
        IReadOnlyList<object> objects = Overlay.Of(overlay).Objects;
        List<(string Kind, V1ObjectMeta Metadata)> all = [.. objects.Select(o => o is CustomResource c ? (c.Kind, c.Metadata) : (((IKubernetesObject)o).Kind, ((IMetadata<V1ObjectMeta>)o).Metadata))];
        Assert.Equal(all.Count, all.DistinctBy(a => (a.Kind, a.Metadata.Name)).Count());
        Assert.All(all.Where(a => a.Kind != "Namespace"), a => Assert.Equal("blindgrain", a.Metadata.NamespaceProperty));
        Assert.Equal("blindgrain", all.Single(a => a.Kind == "Namespace").Metadata.Name);
    }
}
