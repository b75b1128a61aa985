namespace BlindGrain.Gateway.Errors;

/// <summary>Tells failures of the cluster, which pass, from failures of the gateway.</summary>
internal static class ClusterFailures
{
    /// <summary>Whether a grain call failed because its silo is slow, gone or moving.</summary>
    public static bool IsTransient(Exception exception) => exception is TimeoutException or Orleans.Runtime.OrleansException;
}
