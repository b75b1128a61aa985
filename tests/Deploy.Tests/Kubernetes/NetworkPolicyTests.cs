using System.Text.RegularExpressions;
using k8s.Models;

namespace BlindGrain.Deploy.Tests.Kubernetes;

public partial class NetworkPolicyTests
{
    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public void Exactly_the_flows_of_the_written_table_are_allowed(string overlay) => Assert.Equal(Table(overlay), Flows.Of(Overlay.Of(overlay)));

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public void Everything_is_closed_before_anything_is_opened(string overlay)
    {
        V1NetworkPolicy closed = Overlay.Of(overlay).Objects.OfType<V1NetworkPolicy>().Single(p => p.Metadata.Name == "default-deny");
        Assert.True(closed.Spec.Ingress is null && closed.Spec.Egress is null);
        Assert.True(closed.Spec.PodSelector.MatchLabels is null && closed.Spec.PodSelector.MatchExpressions is null);
        Assert.Equal(["Egress", "Ingress"], closed.Spec.PolicyTypes.Order());
    }

    /// <summary>The rows of deploy/README.md for an overlay: | from | to | ports | overlays | why |, several names and ports with commas between them.</summary>
    private static SortedSet<string> Table(string overlay) => new(
        from row in Row().Matches(Repository.Read("deploy", "README.md"))
        where row.Groups["overlays"].Value is "both" || row.Groups["overlays"].Value == overlay
        from source in Names(row.Groups["from"].Value)
        from target in Names(row.Groups["to"].Value)
        where overlay == "dev" || (source != "redis" && target != "redis")
        from port in row.Groups["ports"].Value.Split(", ")
        select $"{source} -> {target}: {port}", StringComparer.Ordinal);

    private static IEnumerable<string> Names(string cell) => Code().Matches(cell).Select(m => m.Groups[1].Value);

    [GeneratedRegex(@"^\| (?<from>`[^|]+`) \| (?<to>`[^|]+`) \| (?<ports>(TCP|UDP)[^|]+?) \| (?<overlays>both|dev|production) \|", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}
