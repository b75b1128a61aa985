namespace BlindGrain.Gateway.WebConsole;

/// <summary>Settings of the console; section "Console" of the configuration.</summary>
public sealed class ConsoleOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Console";

    /// <summary>Whether the console is served under /console. It shows nothing that the REST surface does not tell the same API key.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Whether tenants may see the cluster's load at all (GET /v2/cluster), rounded and over all tenants.</summary>
    public bool ShowCluster { get; set; } = true;
}
