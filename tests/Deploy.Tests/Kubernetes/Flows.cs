using k8s.Models;

namespace BlindGrain.Deploy.Tests.Kubernetes;

/// <summary>Who may speak to whom by an overlay's NetworkPolicies, as lines "FROM -> TO: PROTOCOL PORT".</summary>
internal static class Flows
{
    /// <summary>
    /// The flows. Between two pods both sides must allow one: where only one does, the line ends in what is missing. Fails where a pod is not
    /// closed in both directions to begin with.
    /// </summary>
    public static SortedSet<string> Of(Overlay overlay)
    {
        Dictionary<string, IDictionary<string, string>> pods = overlay.Pods.ToDictionary(p => p.Template.Metadata.Labels["app.kubernetes.io/component"], p => p.Template.Metadata.Labels);
        V1NetworkPolicy[] policies = [.. overlay.Objects.OfType<V1NetworkPolicy>()];
        Assert.All(pods.Values, labels => Assert.All(
            (string[])["Ingress", "Egress"], type => Assert.Contains(policies, p => Selecting.Matches(p.Spec.PodSelector, labels) && p.Spec.PolicyTypes.Contains(type))));
        var outgoing = new HashSet<string>(StringComparer.Ordinal);
        var incoming = new HashSet<string>(StringComparer.Ordinal);
        foreach (V1NetworkPolicy policy in policies)
        {
            string[] selected = [.. pods.Where(p => Selecting.Matches(policy.Spec.PodSelector, p.Value)).Select(p => p.Key)];
            Assert.NotEmpty(selected);
            Assert.True(policy.Spec.Egress is null || policy.Spec.PolicyTypes.Contains("Egress"));
            Assert.True(policy.Spec.Ingress is null || policy.Spec.PolicyTypes.Contains("Ingress"));
            outgoing.UnionWith(
                from rule in policy.Spec.Egress ?? []
                from peer in Peers(rule.To, pods)
                from port in Ports(rule.Ports)
                from pod in selected
                select $"{pod} -> {peer}: {port}");
            incoming.UnionWith(
                from rule in policy.Spec.Ingress ?? []
                from peer in Peers(rule.FromProperty, pods)
                from port in Ports(rule.Ports)
                from pod in selected
                select $"{peer} -> {pod}: {port}");
        }

        bool Between(string flow) => pods.ContainsKey(flow.Split(" -> ")[0]) && pods.ContainsKey(flow.Split(" -> ")[1].Split(':')[0]);
        return new SortedSet<string>(
            outgoing.Union(incoming).Select(f => !Between(f) ? f : !outgoing.Contains(f) ? $"{f} (closed at the sender)" : !incoming.Contains(f) ? $"{f} (closed at the receiver)" : f),
            StringComparer.Ordinal);
    }

    private static IEnumerable<string> Ports(IList<V1NetworkPolicyPort>? ports)
    {
        Assert.NotEmpty(ports ?? []);
        return ports!.Select(p => $"{p.Protocol} {p.Port.Value}");
    }

    private static IEnumerable<string> Peers(IList<V1NetworkPolicyPeer>? peers, Dictionary<string, IDictionary<string, string>> pods)
    {
        Assert.NotEmpty(peers ?? []);
        return peers!.SelectMany(peer => peer switch
        {
            { IpBlock: { } block } => [$"{block.Cidr}{(block.Except is { Count: > 0 } ? $" but {string.Join(", ", block.Except)}" : "")}"],
            { NamespaceSelector: { } space } => [$"namespace {space.MatchLabels["kubernetes.io/metadata.name"]}{string.Concat((peer.PodSelector?.MatchLabels ?? new Dictionary<string, string>()).Select(l => $", {l.Key}={l.Value}"))}"],
            _ => pods.Where(p => Selecting.Matches(peer.PodSelector, p.Value)).Select(p => p.Key),
        });
    }
}
