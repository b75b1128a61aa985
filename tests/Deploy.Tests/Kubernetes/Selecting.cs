using k8s.Models;

namespace BlindGrain.Deploy.Tests.Kubernetes;

/// <summary>Whether labels are selected, by Kubernetes' rules.</summary>
internal static class Selecting
{
    public static bool Matches(IDictionary<string, string>? selector, IDictionary<string, string>? labels) =>
        (selector ?? new Dictionary<string, string>()).All(s => labels is not null && labels.TryGetValue(s.Key, out string? value) && value == s.Value);

    public static bool Matches(V1LabelSelector selector, IDictionary<string, string>? labels) =>
        Matches(selector.MatchLabels, labels) && (selector.MatchExpressions ?? []).All(e => Matches(e, labels));

    private static bool Matches(V1LabelSelectorRequirement requirement, IDictionary<string, string>? labels) => requirement.OperatorProperty switch
    {
        "In" => labels is not null && labels.TryGetValue(requirement.Key, out string? value) && requirement.Values.Contains(value),
        "Exists" => labels?.ContainsKey(requirement.Key) == true,
        _ => throw new NotSupportedException($"The operator {requirement.OperatorProperty} is not known here."),
    };
}
