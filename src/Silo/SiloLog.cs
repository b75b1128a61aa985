using Microsoft.Extensions.Logging;

namespace BlindGrain.Silo;

/// <summary>The log messages of this project.</summary>
internal static partial class SiloLog
{
    [LoggerMessage(3001, LogLevel.Information, "Silo {Silo} of cluster {Cluster} takes clients at {Gateway}.")]
    public static partial void Started(ILogger logger, string silo, string? gateway, string cluster);

    [LoggerMessage(3002, LogLevel.Information, "Silo {Silo} hands its work over and stops.")]
    public static partial void Stopping(ILogger logger, string silo);
}
