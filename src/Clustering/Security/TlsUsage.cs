namespace BlindGrain.Clustering.Security;

/// <summary>Extended key usages (RFC 5280, 4.2.1.12). Silos need both, gateways only the client's; both are asked of all, so that one template serves.</summary>
internal static class TlsUsage
{
    /// <summary>id-kp-serverAuth.</summary>
    public const string Server = "1.3.6.1.5.5.7.3.1";

    /// <summary>id-kp-clientAuth.</summary>
    public const string Client = "1.3.6.1.5.5.7.3.2";
}
