using BlindGrain.Management.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace BlindGrain.Management.Tests.Telemetry;

public sealed class TelemetryExportTests
{
    [Fact]
    public void Nothing_is_exported_unless_a_collector_is_named()
    {
        Assert.Equal(new TelemetryExport(null, null, null), TelemetryExport.Read(Of()));
        Assert.Equal(new TelemetryExport(null, null, null), TelemetryExport.Read(Of(("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"))));
        Assert.Equal(new TelemetryExport(null, null, null), TelemetryExport.Read(Of(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317"), ("OTEL_SDK_DISABLED", "true"))));
        var services = new ServiceCollection();
        _ = services.AddBlindGrainManagement(Of(), "tested", ["m"], ["s"]);
        Assert.DoesNotContain(services, s => s.ServiceType == typeof(TracerProvider) || s.ServiceType == typeof(MeterProvider) || s.ServiceType == typeof(LoggerProvider));
    }

    [Fact]
    public void One_address_is_for_all_signals_but_those_that_are_switched_off()
    {
        var export = TelemetryExport.Read(Of(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317"), ("OTEL_LOGS_EXPORTER", "none"), ("OTEL_METRICS_EXPORTER", "otlp")));
        Assert.Equal((true, true, false), (export.Traces is not null, export.Metrics is not null, export.Logs is not null));
        var options = new OtlpExporterOptions { Headers = "shared=1" };
        export.Traces!.Apply(options);
        Assert.Equal("shared=1", options.Headers);
    }

    [Fact]
    public void What_a_signal_has_of_its_own_takes_precedence()
    {
        var export = TelemetryExport.Read(Of(
            ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "https://m/v1/metrics"),
            ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "own=1"),
            ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "17")));
        Assert.Null(export.Traces);
        Assert.Null(export.Logs);
        var options = new OtlpExporterOptions { Headers = "shared=1" };
        export.Metrics!.Apply(options);
        Assert.Equal((new Uri("https://m/v1/metrics"), OtlpExportProtocol.HttpProtobuf, "own=1", 17), (options.Endpoint, options.Protocol, options.Headers, options.TimeoutMilliseconds));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "ftp://collector")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "udp")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "-1")]
    [InlineData("OTEL_TRACES_EXPORTER", "zipkin")]
    public void Settings_that_cannot_work_are_named(string setting, string value)
    {
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(() => TelemetryExport.Read(Of((setting, value))));
        Assert.Contains(setting, e.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Of(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Key, s.Value))).Build();
}
