using System.Net;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Hosting;

/// <summary>How a gateway of its own process reaches the silos; part of the section "Gateway".</summary>
public sealed class ClusterClientOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = GatewayOptions.Section;

    /// <summary>The silos' gateway endpoints, "ADDRESS:PORT", comma-separated.</summary>
    public string Cluster { get; set; } = "127.0.0.1:30000";

    /// <summary>The cluster's id, the same at every silo and gateway.</summary>
    public string ClusterId { get; set; } = "blindgrain";

    /// <summary>The service's id, the same at every silo and gateway.</summary>
    public string ServiceId { get; set; } = "blindgrain";

    /// <summary>The endpoints.</summary>
    /// <exception cref="OptionsValidationException">One is not ADDRESS:PORT.</exception>
    public IPEndPoint[] Endpoints() => [.. Cluster.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    private static IPEndPoint Parse(string text) => IPEndPoint.TryParse(text, out IPEndPoint? endpoint) && endpoint.Port > 0
        ? endpoint
        : throw new OptionsValidationException(Section, typeof(ClusterClientOptions), [$"Gateway:Cluster has '{text}'; take ADDRESS:PORT, comma-separated."]);
}
