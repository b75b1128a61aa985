using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;

namespace BlindGrain.Management.Telemetry;

/// <summary>
/// What is exported by OTLP, by OpenTelemetry's own settings: each signal that OTEL_EXPORTER_OTLP_ENDPOINT or its own OTEL_EXPORTER_OTLP_{TRACES,METRICS,LOGS}_ENDPOINT names a collector for, unless
/// OTEL_{TRACES,METRICS,LOGS}_EXPORTER is "none" or OTEL_SDK_DISABLED is "true". Without any of them nothing is.
/// </summary>
internal sealed record TelemetryExport(SignalExport? Traces, SignalExport? Metrics, SignalExport? Logs)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP";

    /// <summary>Reads the settings, which an environment variable or any other source of the configuration may hold.</summary>
    /// <exception cref="OptionsValidationException">One cannot work.</exception>
    public static TelemetryExport Read(IConfiguration configuration)
    {
        var errors = new List<string>();
        bool isDisabled = string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);
        bool isShared = UriOf(configuration, $"{Prefix}_ENDPOINT", errors) is not null;
        _ = ProtocolOf(configuration, $"{Prefix}_PROTOCOL", errors);
        var export = new TelemetryExport(
            Signal(configuration, "TRACES", isShared, isDisabled, errors),
            Signal(configuration, "METRICS", isShared, isDisabled, errors),
            Signal(configuration, "LOGS", isShared, isDisabled, errors));
        return errors.Count == 0 ? export : throw new OptionsValidationException(Prefix, typeof(TelemetryExport), errors);
    }

    private static SignalExport? Signal(IConfiguration configuration, string signal, bool isShared, bool isDisabled, List<string> errors)
    {
        string? exporter = configuration[$"OTEL_{signal}_EXPORTER"];
        if (exporter is { Length: > 0 } and not ("none" or "otlp"))
        {
            errors.Add($"OTEL_{signal}_EXPORTER is '{exporter}'; take otlp or none.");
        }

        Uri? own = UriOf(configuration, $"{Prefix}_{signal}_ENDPOINT", errors);
        OtlpExportProtocol? protocol = ProtocolOf(configuration, $"{Prefix}_{signal}_PROTOCOL", errors);
        string? timeout = configuration[$"{Prefix}_{signal}_TIMEOUT"];
        int milliseconds = 0;
        if (!string.IsNullOrEmpty(timeout) && (!int.TryParse(timeout, NumberStyles.None, CultureInfo.InvariantCulture, out milliseconds) || milliseconds == 0))
        {
            errors.Add($"{Prefix}_{signal}_TIMEOUT is '{timeout}'; take milliseconds, at least 1.");
        }

        return isDisabled || exporter == "none" || (own is null && !isShared)
            ? null
            : new SignalExport(own, protocol, configuration[$"{Prefix}_{signal}_HEADERS"], milliseconds > 0 ? milliseconds : null);
    }

    private static Uri? UriOf(IConfiguration configuration, string name, List<string> errors)
    {
        string? text = configuration[name];
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))
        {
            return uri;
        }

        errors.Add($"{name} is '{text}'; take an http or https address such as http://collector:4317.");
        return null;
    }

    private static OtlpExportProtocol? ProtocolOf(IConfiguration configuration, string name, List<string> errors)
    {
        string? text = configuration[name];
        switch (text)
        {
            case null or "":
                return null;
            case "grpc":
                return OtlpExportProtocol.Grpc;
            case "http/protobuf":
                return OtlpExportProtocol.HttpProtobuf;
            default:
                errors.Add($"{name} is '{text}'; take grpc or http/protobuf.");
                return null;
        }
    }
}
