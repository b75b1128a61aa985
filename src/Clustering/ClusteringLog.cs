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

    [LoggerMessage(5004, LogLevel.Information, "Connections of the cluster use certificate '{Subject}' ({Thumbprint}), valid until {End:u}.")]
    public static partial void CertificateLoaded(ILogger logger, string subject, string thumbprint, DateTime end);

    [LoggerMessage(5005, LogLevel.Error, "The certificate files changed and cannot be used; those before stay in use. {Problem}")]
    public static partial void CertificateNotReloaded(ILogger logger, string problem);

    [LoggerMessage(5006, LogLevel.Warning, "The connection with {Remote} was ended before anything was said. {Problem}")]
    public static partial void ConnectionRefused(ILogger logger, string remote, string problem);

    [LoggerMessage(5007, LogLevel.Warning, "Certificate '{Subject}' is valid until {End:u} only; replace '{File}' before that.")]
    public static partial void CertificateEnds(ILogger logger, string subject, DateTime end, string file);
}
