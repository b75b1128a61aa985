using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace BlindGrain.Management.Telemetry;

/// <summary>Adds OpenTelemetry to a host: metrics for Prometheus where there is a port, and what is exported by OTLP.</summary>
internal static class TelemetryHosting
{
    public static void AddTelemetry(this IServiceCollection services, ManagementOptions options, TelemetryExport export, string service)
    {
        if (options.Port == 0 && export is { Traces: null, Metrics: null, Logs: null })
        {
            return;
        }

        // What the environment says of the process counts more than what the process says of itself.
        OpenTelemetryBuilder telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(service).AddEnvironmentVariableDetector());
        if (options.Port > 0 || export.Metrics is not null)
        {
            _ = telemetry.WithMetrics(metrics =>
            {
                _ = metrics.AddRuntimeInstrumentation();
                if (options.Port > 0)
                {
                    _ = metrics.AddPrometheusExporter();
                }

                if (export.Metrics is { } signal)
                {
                    _ = metrics.AddOtlpExporter("metrics", signal.Apply);
                }
            });
        }

        if (export.Traces is { } traces)
        {
            _ = telemetry.WithTracing(tracing => tracing
                .AddAspNetCoreInstrumentation(requests => RequestSpans.Configure(requests, options))
                .AddOtlpExporter("traces", traces.Apply));
        }

        if (export.Logs is { } logs)
        {
            _ = telemetry.WithLogging(
                logging => logging.AddProcessor(new EventIds()).AddOtlpExporter("logs", logs.Apply),
                records => records.IncludeFormattedMessage = true);
        }
    }
}
