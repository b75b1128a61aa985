namespace BlindGrain.Gateway.Auditing;

/// <summary>The audit log's messages, in the category "BlindGrain.Audit"; ids 2101 to 2103 tell how it ended.</summary>
internal static partial class AuditLog
{
    /// <summary>The category.</summary>
    public const string Category = "BlindGrain.Audit";

    [LoggerMessage(2101, LogLevel.Information, "{Action} of '{Subject}' by {Tenant}/{Credential} from {Address}: done ({Status}).")]
    public static partial void Done(ILogger logger, string action, string subject, string? tenant, string? credential, string address, int status);

    [LoggerMessage(2102, LogLevel.Warning, "{Action} of '{Subject}' by {Tenant}/{Credential} from {Address}: denied ({Status} {Code}).")]
    public static partial void Denied(ILogger logger, string action, string subject, string? tenant, string? credential, string address, int status, string? code);

    [LoggerMessage(2103, LogLevel.Information, "{Action} of '{Subject}' by {Tenant}/{Credential} from {Address}: failed ({Status} {Code}).")]
    public static partial void Failed(ILogger logger, string action, string subject, string? tenant, string? credential, string address, int status, string? code);

    [LoggerMessage(2104, LogLevel.Error, "The audit file {File} cannot be written; the event is in this log only.")]
    public static partial void FileFailed(ILogger logger, string file, Exception exception);
}
