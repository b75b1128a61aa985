using BlindGrain.Management.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace BlindGrain.Management;

/// <summary>Adds health, metrics, traces and exported logs to a host.</summary>
public static class ManagementHosting
{
    /// <summary>
    /// Adds the endpoints of the section "Management" of <paramref name="configuration"/> (its root), where that names a port, and the export of telemetry where the standard settings
    /// OTEL_EXPORTER_OTLP_* name a collector. Call it before Orleans is added: hosted services start in the order in which they were added and stop in the opposite one, and the process is to be
    /// asked while it joins and leaves the cluster.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The root of the configuration.</param>
    /// <param name="service">What the process is, in its telemetry's resource; the first who adds management names it. OTEL_SERVICE_NAME takes precedence.</param>
    /// <param name="meters">The meters that are collected; the runtime's are always.</param>
    /// <param name="sources">The activity sources that are collected; the server's own requests are always.</param>
    /// <returns>The health checks, to be extended: each needs one of <see cref="HealthTags"/>.</returns>
    /// <exception cref="OptionsValidationException">A setting cannot work.</exception>
    public static IHealthChecksBuilder AddBlindGrainManagement(
        this IServiceCollection services, IConfiguration configuration, string service, IReadOnlyCollection<string> meters, IReadOnlyCollection<string> sources)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(sources);
        ManagementOptions options = Read(configuration);
        var export = TelemetryExport.Read(configuration);
        IHealthChecksBuilder checks = services.AddHealthChecks();
        if (!services.Any(s => s.ServiceType == typeof(ManagementOptions)))
        {
            _ = services.AddSingleton(options);
            if (options.Port > 0)
            {
                _ = services.AddHostedService<ManagementServer>();

                // A check that fails is told to who asked, again and again.
                _ = services.AddLogging(logging => logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
                _ = checks.AddCheck<LifetimeCheck>("lifetime", tags: [HealthTags.Ready]);
            }

            services.AddTelemetry(options, export, service);
        }

        if (options.Port > 0 || export.Metrics is not null)
        {
            _ = services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter([.. meters]));
        }

        if (export.Traces is not null)
        {
            _ = services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddSource([.. sources]));
        }

        return checks;
    }

    /// <summary>Reads and checks the section "Management".</summary>
    /// <exception cref="OptionsValidationException">A setting cannot work.</exception>
    internal static ManagementOptions Read(IConfiguration configuration)
    {
        var options = new ManagementOptions();
        try
        {
            configuration.GetSection(ManagementOptions.Section).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            throw new OptionsValidationException(ManagementOptions.Section, typeof(ManagementOptions), [e.Message]);
        }

        ValidateOptionsResult result = new ManagementOptionsValidator().Validate(null, options);
        return result.Succeeded ? options : throw new OptionsValidationException(ManagementOptions.Section, typeof(ManagementOptions), result.Failures);
    }
}
