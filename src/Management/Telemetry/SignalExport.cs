using OpenTelemetry.Exporter;

namespace BlindGrain.Management.Telemetry;

/// <summary>Where one signal (traces, metrics or logs) goes, where that differs from what all signals share.</summary>
/// <param name="Endpoint">The signal's own endpoint, taken as it is; null for the shared one, which the exporter reads itself and puts the signal's path behind.</param>
/// <param name="Protocol">The signal's own protocol; null for the shared one.</param>
/// <param name="Headers">The signal's own headers; null for the shared ones. They may hold a secret: never logged.</param>
/// <param name="TimeoutMilliseconds">The signal's own time-out; null for the shared one.</param>
internal sealed record SignalExport(Uri? Endpoint, OtlpExportProtocol? Protocol, string? Headers, int? TimeoutMilliseconds)
{
    /// <summary>Sets what is the signal's own; the rest stays as the exporter read it from the shared settings.</summary>
    public void Apply(OtlpExporterOptions options)
    {
        // The protocol first: setting an endpoint fixes it, whatever follows.
        options.Protocol = Protocol ?? options.Protocol;
        options.Headers = Headers ?? options.Headers;
        options.TimeoutMilliseconds = TimeoutMilliseconds ?? options.TimeoutMilliseconds;
        if (Endpoint is not null)
        {
            options.Endpoint = Endpoint;
        }
    }
}
