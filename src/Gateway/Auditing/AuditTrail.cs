using System.Text.Json;
using System.Text.Json.Serialization;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Inference;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Auditing;

/// <summary>Writes audit events as log events and, where settings name one, to a file. The file is opened for each event, so that it can be moved away at any time.</summary>
internal sealed class AuditTrail(ILoggerFactory loggers, IOptions<GatewayOptions> options) : IDisposable
{
    private static readonly object s_subject = new();
    private static readonly JsonSerializerOptions s_json = new(InferBody.Json) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private readonly ILogger _logger = loggers.CreateLogger(AuditLog.Category);
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <summary>Notes the id of what a request has made.</summary>
    public static void Subject(HttpContext context, string id) => context.Items[s_subject] = id;

    /// <summary>The id of what a request has made; null where it made nothing with an id of its own.</summary>
    public static string? SubjectOf(HttpContext context) => context.Items[s_subject] as string;

    public async Task Write(AuditEvent happened)
    {
        switch (happened.Outcome)
        {
            case "done":
                AuditLog.Done(_logger, happened.Action, happened.Subject, happened.Tenant, happened.Credential, happened.Address, happened.Status);
                break;
            case "denied":
                AuditLog.Denied(_logger, happened.Action, happened.Subject, happened.Tenant, happened.Credential, happened.Address, happened.Status, happened.Code);
                break;
            default:
                AuditLog.Failed(_logger, happened.Action, happened.Subject, happened.Tenant, happened.Credential, happened.Address, happened.Status, happened.Code);
                break;
        }

        if (options.Value.Audit.File is { Length: > 0 } file)
        {
            await Append(file, [.. JsonSerializer.SerializeToUtf8Bytes(happened, s_json), (byte)'\n']);
        }
    }

    public void Dispose() => _writing.Dispose();

    private async Task Append(string file, byte[] line)
    {
        await _writing.WaitAsync();
        try
        {
            var open = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                open.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            await using var stream = new FileStream(file, open);
            await stream.WriteAsync(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            AuditLog.FileFailed(_logger, file, e);
        }
        finally
        {
            _ = _writing.Release();
        }
    }
}
