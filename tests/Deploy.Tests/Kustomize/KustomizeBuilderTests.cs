using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using BlindGrain.Deploy.Tests.Kubernetes;
using YamlDotNet.RepresentationModel;

namespace BlindGrain.Deploy.Tests.Kustomize;

/// <summary>The builder of these tests is held to the real one where that is installed.</summary>
public partial class KustomizeBuilderTests
{
    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task It_makes_what_kubectl_makes(string overlay)
    {
        var start = new ProcessStartInfo("kubectl", ["kustomize", Overlay.Folder(overlay)]) { RedirectStandardOutput = true };
        Process? kubectl = null;
        try
        {
            kubectl = Process.Start(start);
        }
        catch (Win32Exception)
        {
            Assert.Skip("kubectl is not installed.");
        }

        using (kubectl)
        {
            string output = await kubectl!.StandardOutput.ReadToEndAsync();
            await kubectl.WaitForExitAsync();
            Assert.Equal(0, kubectl.ExitCode);
            Assert.Equal(Canonical(Yaml.Load(output)), Canonical(KustomizeBuilder.Build(Overlay.Folder(overlay))));
        }
    }

    [Fact]
    public void Patches_merge_items_by_their_key_and_refuse_lists_that_are_not_known()
    {
        YamlMappingNode target = Yaml.Load("{a: {x: 1, y: 2}, containers: [{name: c, image: i, volumeMounts: [{mountPath: /a, name: v}]}]}").Single();
        StrategicMerge.Apply(target, Yaml.Load("{a: {y: 3}, containers: [{name: c, volumeMounts: [{mountPath: /b, name: w}]}, {name: d}]}").Single());
        Assert.Equal("{a:{x:1,y:3},containers:[{image:i,name:c,volumeMounts:[{mountPath:/a,name:v},{mountPath:/b,name:w}]},{name:d}]}", Yaml.Canonical(target));
        _ = Assert.Throws<NotSupportedException>(() => StrategicMerge.Apply(Yaml.Load("{rules: [1]}").Single(), Yaml.Load("{rules: [2]}").Single()));
    }

    /// <summary>Hashes differ between the two builders.</summary>
    private static string[] Canonical(IEnumerable<YamlMappingNode> resources) =>
        [.. resources.Select(r => HashedName().Replace(Yaml.Canonical(r), "$1-HASH")).Order(StringComparer.Ordinal)];

    [GeneratedRegex("(blindgrain-(?:cluster|silo|gateway))-[a-z0-9]{10}(?![a-z0-9-])", RegexOptions.CultureInvariant)]
    private static partial Regex HashedName();
}
