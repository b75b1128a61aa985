namespace BlindGrain.Clustering.Hosting;

/// <summary>Where membership and reminders lie; section "Cluster" of the configuration, the same for silos and gateways.</summary>
public sealed class ClusterBackendOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Cluster";

    /// <summary>The backend; the first silo's memory by default.</summary>
    public ClusterBackend Backend { get; set; }

    /// <summary>
    /// How to reach the server: "HOST:PORT,password=…,ssl=true" for Redis, "Host=…;Port=…;Database=…;Username=…;Password=…" for
    /// PostgreSQL. Never logged. Empty where <see cref="ConnectionStringFile"/> is given.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>A file that holds the connection string and nothing else, such as a mounted secret.</summary>
    public string? ConnectionStringFile { get; set; }

    /// <summary>PostgreSQL: the schema of the tables, made where it is missing; lower-case letters, digits and '_', 63 at most.</summary>
    public string Schema { get; set; } = "blindgrain";

    /// <summary>PostgreSQL: whether a silo makes or updates the tables when it starts; otherwise run a silo with --migrate once.</summary>
    public bool Migrate { get; set; } = true;

    /// <summary>How long a start waits for the server before it fails, 0 to 10 minutes.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
