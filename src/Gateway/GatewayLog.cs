namespace BlindGrain.Gateway;

/// <summary>All log messages of the gateway. Keys, ciphertexts and request bodies never appear in them.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(2201, LogLevel.Error, "Request {Path} failed.")]
    public static partial void RequestFailed(ILogger logger, string path, Exception exception);

    [LoggerMessage(2202, LogLevel.Warning, "Request {Path} failed because the cluster or its storage did not answer.")]
    public static partial void ClusterFailed(ILogger logger, string path, Exception exception);

    [LoggerMessage(2203, LogLevel.Information, "Tenant {Tenant} registered model {Model}/{Version} ({Bytes} bytes).")]
    public static partial void ModelRegistered(ILogger logger, string tenant, string model, string version, long bytes);

    [LoggerMessage(2204, LogLevel.Information, "Tenant {Tenant} committed key set {KeySet} ({Bytes} bytes, parameters {ParameterSet}).")]
    public static partial void KeySetCommitted(ILogger logger, string tenant, string keySet, long bytes, string parameterSet);

    [LoggerMessage(2205, LogLevel.Warning, "Tenant {Tenant} uploaded key set {KeySet}, which was refused: {Reason}")]
    public static partial void KeySetRefused(ILogger logger, string tenant, string keySet, string reason);

    [LoggerMessage(2209, LogLevel.Warning, "Tenant {Tenant} uploaded model {Model}/{Version}, which was refused: {Reason}")]
    public static partial void ModelRefused(ILogger logger, string tenant, string model, string version, string reason);

    [LoggerMessage(2207, LogLevel.Warning, "The cluster cannot be reached, trying again (silos and gateways need Cluster:Tls all or none): {Reason}")]
    public static partial void ClusterUnreachable(ILogger logger, string reason);

    [LoggerMessage(2208, LogLevel.Warning, "Tenants and credentials cannot be read from the cluster; what was last known holds: {Reason}")]
    public static partial void AccessUnknown(ILogger logger, string reason);

    [LoggerMessage(2206, LogLevel.Information, "Tenant {Tenant} submitted job {Job} for model {Model}/{Version}.")]
    public static partial void JobSubmitted(ILogger logger, string tenant, string job, string model, string version);
}
