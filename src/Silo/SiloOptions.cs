namespace BlindGrain.Silo;

/// <summary>How a silo joins its cluster; section "Silo" of the configuration.</summary>
public sealed class SiloOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Silo";

    /// <summary>The name of cluster and service unless configured otherwise; clients must use the same.</summary>
    public const string DefaultClusterName = "blindgrain";

    /// <summary>The IP address that the silo listens on, for silos and clients; loopback by default.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port for other silos, 1 to 65535.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port for clients (the gateway), 1 to 65535.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// The address and silo port of the cluster's first silo, which keeps the membership in its memory; empty where this is it.
    /// The cluster lives as long as that silo.
    /// </summary>
    public string? PrimarySilo { get; set; }

    /// <summary>The cluster's name: silos and clients of one cluster share it.</summary>
    public string ClusterId { get; set; } = DefaultClusterName;

    /// <summary>The service's name: it outlives clusters.</summary>
    public string ServiceId { get; set; } = DefaultClusterName;

    /// <summary>
    /// How long a stop may take, 1 second to 1 hour: the silo hands its grains over, and job walks end at their last checkpoint. What has not ended
    /// by then is cut off. Whatever stops the process must give it longer than this.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often silos ask each other for a sign of life, and how long each waits for it, 500 milliseconds to 1 minute. A silo that gives none three times is put out of the cluster
    /// and its jobs resume elsewhere; where it goes on, it finds itself put out and ends.
    /// </summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
