using k8s.Models;

namespace BlindGrain.Deploy.Tests.Kubernetes;

/// <summary>
/// The parts that are used here of resources that are not Kubernetes' own, after their definitions: KEDA 2 (ScaledObject), the Prometheus operator
/// (ServiceMonitor, PrometheusRule), cert-manager 1 (Issuer, Certificate). A field that is not here is an error, so a new one is looked up before it is used.
/// </summary>
internal static class CustomResources
{
    public static Dictionary<string, Type> Types { get; } = new(StringComparer.Ordinal)
    {
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(ServiceMonitor),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(PrometheusRule),
        ["cert-manager.io/v1/Issuer"] = typeof(Issuer),
        ["cert-manager.io/v1/Certificate"] = typeof(Certificate),
    };
}

internal abstract class CustomResource
{
    public required string ApiVersion { get; set; }

    public required string Kind { get; set; }

    public required V1ObjectMeta Metadata { get; set; }
}

internal sealed class ScaledObject : CustomResource
{
    public required ScaledObjectSpec Spec { get; set; }
}

internal sealed class ScaledObjectSpec
{
    public required ScaleTarget ScaleTargetRef { get; set; }

    public int? MinReplicaCount { get; set; }

    public int? MaxReplicaCount { get; set; }

    public int? PollingInterval { get; set; }

    public ScaleFallback? Fallback { get; set; }

    public AdvancedScaling? Advanced { get; set; }

    public required List<ScaleTrigger> Triggers { get; set; }
}

internal sealed class ScaleTarget
{
    public required string ApiVersion { get; set; }

    public required string Kind { get; set; }

    public required string Name { get; set; }
}

internal sealed class ScaleFallback
{
    public int FailureThreshold { get; set; }

    public int Replicas { get; set; }
}

internal sealed class AdvancedScaling
{
    public required HorizontalPodAutoscalerConfig HorizontalPodAutoscalerConfig { get; set; }
}

internal sealed class HorizontalPodAutoscalerConfig
{
    public required V2HorizontalPodAutoscalerBehavior Behavior { get; set; }
}

internal sealed class ScaleTrigger
{
    public required string Type { get; set; }

    public required string MetricType { get; set; }

    public required PrometheusTrigger Metadata { get; set; }
}

internal sealed class PrometheusTrigger
{
    public required string ServerAddress { get; set; }

    public required string Query { get; set; }

    public required string Threshold { get; set; }
}

internal sealed class ServiceMonitor : CustomResource
{
    public required ServiceMonitorSpec Spec { get; set; }
}

internal sealed class ServiceMonitorSpec
{
    public string? JobLabel { get; set; }

    public required V1LabelSelector Selector { get; set; }

    public required List<MonitorEndpoint> Endpoints { get; set; }
}

internal sealed class MonitorEndpoint
{
    public required string Port { get; set; }

    public required string Path { get; set; }

    public required string Interval { get; set; }

    public required string ScrapeTimeout { get; set; }
}

internal sealed class PrometheusRule : CustomResource
{
    public required PrometheusRuleSpec Spec { get; set; }
}

internal sealed class PrometheusRuleSpec
{
    public required List<RuleGroup> Groups { get; set; }
}

internal sealed class RuleGroup
{
    public required string Name { get; set; }

    public required List<AlertRule> Rules { get; set; }
}

internal sealed class AlertRule
{
    public required string Alert { get; set; }

    public required string Expr { get; set; }

    public required string For { get; set; }

    public required Dictionary<string, string> Labels { get; set; }

    public required Dictionary<string, string> Annotations { get; set; }
}

internal sealed class Issuer : CustomResource
{
    public required IssuerSpec Spec { get; set; }
}

internal sealed class IssuerSpec
{
    public Dictionary<string, string>? SelfSigned { get; set; }

    public AuthorityIssuer? Ca { get; set; }
}

internal sealed class AuthorityIssuer
{
    public required string SecretName { get; set; }
}

internal sealed class Certificate : CustomResource
{
    public required CertificateSpec Spec { get; set; }
}

internal sealed class CertificateSpec
{
    public bool IsCA { get; set; }

    public string? CommonName { get; set; }

    public required string SecretName { get; set; }

    public required string Duration { get; set; }

    public required string RenewBefore { get; set; }

    public List<string>? DnsNames { get; set; }

    public List<string>? Usages { get; set; }

    public required CertificateKey PrivateKey { get; set; }

    public required CertificateIssuer IssuerRef { get; set; }
}

internal sealed class CertificateKey
{
    public required string Algorithm { get; set; }

    public required int Size { get; set; }

    public required string RotationPolicy { get; set; }
}

internal sealed class CertificateIssuer
{
    public required string Kind { get; set; }

    public required string Name { get; set; }
}
