using Microsoft.Extensions.Logging;

namespace BlindGrain.Storage;

/// <summary>The log messages of this project.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(1001, LogLevel.Information, "Deleted {Path}, which an interrupted write left.")]
    public static partial void OrphanDeleted(ILogger logger, string path);

    [LoggerMessage(1002, LogLevel.Debug, "Left {Path}: it is in use.")]
    public static partial void OrphanKept(ILogger logger, string path, Exception exception);
}
