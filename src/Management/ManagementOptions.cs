namespace BlindGrain.Management;

/// <summary>Where a process answers questions about itself; section "Management" of the configuration.</summary>
public sealed class ManagementOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Management";

    /// <summary>The path that says whether the process itself works.</summary>
    public const string LivePath = "/health/live";

    /// <summary>The path that says whether it can do its work in the cluster.</summary>
    public const string ReadyPath = "/health/ready";

    /// <summary>The path of the measurements, in Prometheus' text format.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>The IP address listened on; loopback by default. There is no authentication: leave it to those who run the cluster.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port, 1 to 65535; 0, the default, is none: nothing is listened on, and nothing is collected but for a collector of telemetry (OTEL_EXPORTER_OTLP_*).</summary>
    public int Port { get; set; }
}
