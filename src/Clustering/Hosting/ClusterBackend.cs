namespace BlindGrain.Clustering.Hosting;

/// <summary>Where the cluster keeps its membership and its reminders.</summary>
public enum ClusterBackend
{
    /// <summary>In the memory of the first silo: for one machine, and lost with that silo.</summary>
    Development,

    /// <summary>In a Redis server.</summary>
    Redis,

    /// <summary>In a PostgreSQL database.</summary>
    PostgreSql,
}
