namespace BlindGrain.Management;

/// <summary>Which question a health check is part of the answer to.</summary>
public static class HealthTags
{
    /// <summary>Whether the process works. Checks of this kind ask nothing of other processes: one that fails has the process restarted, which mends no other.</summary>
    public const string Live = "live";

    /// <summary>Whether the process can do its work in the cluster. One that fails takes it out of load balancing, no more.</summary>
    public const string Ready = "ready";
}
