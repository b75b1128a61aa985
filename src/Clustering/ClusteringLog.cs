using Microsoft.Extensions.Logging;

namespace BlindGrain.Clustering;

/// <summary>The log messages of this project. Connection strings and keys never appear in them.</summary>
internal static partial class ClusteringLog
{
    [LoggerMessage(5001, LogLevel.Warning, "{Problem} Trying again.")]
    public static partial void BackendUnavailable(ILogger logger, string problem);

    [LoggerMessage(5002, LogLevel.Information, "Membership and reminders are kept by {Backend}.")]
    public static partial void BackendReady(ILogger logger, string backend);

    [LoggerMessage(5003, LogLevel.Information, "Schema {Schema} was brought from version {From} to {To}.")]
    public static partial void Migrated(ILogger logger, string schema, int from, int to);
}
