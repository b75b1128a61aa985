namespace BlindGrain.Clustering.Security;

/// <summary>
/// Mutual TLS between silos and from gateways to silos; section "Cluster:Tls" of the configuration. On as soon as one of the three
/// files is named; then all processes of the cluster need it.
/// </summary>
public sealed class ClusterTlsOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Cluster:Tls";

    /// <summary>The file of this process's certificate (PEM), intermediate certificates after it.</summary>
    public string? Certificate { get; set; }

    /// <summary>The file of its private key (PEM, not encrypted).</summary>
    public string? Key { get; set; }

    /// <summary>The file of the authority's certificates (PEM): the only roots that are trusted here. During a change it holds the old and the new.</summary>
    public string? Authority { get; set; }

    /// <summary>The DNS name that a silo's certificate carries; it need not resolve.</summary>
    public string SiloName { get; set; } = "blindgrain-silo";

    /// <summary>The DNS name that a gateway's certificate carries; it need not resolve.</summary>
    public string GatewayName { get; set; } = "blindgrain-gateway";

    /// <summary>How old what was read from the files may be when a connection is made, 1 second to 1 hour.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether connections are encrypted and authenticated.</summary>
    public bool Enabled => !string.IsNullOrWhiteSpace(Certificate) || !string.IsNullOrWhiteSpace(Key) || !string.IsNullOrWhiteSpace(Authority);
}
