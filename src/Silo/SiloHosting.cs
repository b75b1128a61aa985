using System.Net;
using BlindGrain.Clustering.Hosting;
using BlindGrain.Grains.Hosting;
using BlindGrain.Management;
using BlindGrain.Silo.Health;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace BlindGrain.Silo;

/// <summary>Makes a host a silo: on its own, or together with a gateway in one process.</summary>
public static class SiloHosting
{
    /// <summary>No message comes near this; slices of ciphertexts are cut to a quarter of a mebibyte where one fits in it.</summary>
    private const int MaxMessageBytes = 16 << 20;

    /// <summary>
    /// Adds a silo with all grains, by the sections "Silo", "Cluster", "Worker", "Retention", "Quotas", "Storage", "Dashboard" and "Management" of <paramref name="configuration"/> (its root).
    /// The host then also offers <see cref="IGrainFactory"/> and <see cref="IClusterClient"/>.
    /// </summary>
    /// <exception cref="OptionsValidationException">A setting of section "Silo", "Cluster" or "Management" cannot work; those of the others fail the host's start.</exception>
    public static IHostApplicationBuilder AddBlindGrainSilo(this IHostApplicationBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        SiloOptions options = Bind(configuration);
        _ = builder.Services.AddBlindGrainManagement(configuration, "blindgrain-silo", [GrainsHostingExtensions.MeterName], [GrainsHostingExtensions.ActivitySourceName])
            .AddCheck<SiloLiveness>("silo", tags: [HealthTags.Live])
            .AddCheck<SiloReadiness>("membership", tags: [HealthTags.Ready]);
        _ = builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        ClusterBackendOptions backend = builder.Services.AddBlindGrainClusterBackend(configuration, isSilo: true);
        _ = builder.UseOrleans(silo => Configure(silo, options, backend, configuration));
        return builder;
    }

    private static SiloOptions Bind(IConfiguration configuration)
    {
        var options = new SiloOptions();
        configuration.GetSection(SiloOptions.Section).Bind(options);
        ValidateOptionsResult result = new SiloOptionsValidator().Validate(null, options);
        return result.Succeeded ? options : throw new OptionsValidationException(SiloOptions.Section, typeof(SiloOptions), result.Failures);
    }

    private static void Configure(ISiloBuilder silo, SiloOptions options, ClusterBackendOptions backend, IConfiguration configuration)
    {
        IPAddress address = IPAddress.Parse(options.Address);
        IPEndPoint? primary = string.IsNullOrEmpty(options.PrimarySilo) ? null : IPEndPoint.Parse(options.PrimarySilo);
        if (primary is not null && primary.Port == options.SiloPort && primary.Address.Equals(address))
        {
            // The first silo may be named to itself, so that all silos can share a configuration.
            primary = null;
        }

        _ = silo
            .UseBlindGrainClustering(backend, primary)
            .ConfigureEndpoints(address, options.SiloPort, options.GatewayPort, listenOnAnyHostAddress: false)
            .AddBlindGrainGrains(configuration);
        if (configuration.GetValue("Dashboard:Enabled", false))
        {
            // What is measured for it is measured only while somebody looks at it (docs/operations.md).
            _ = silo.AddDashboard(dashboard => dashboard.HideTrace = true);
        }

        _ = silo.Services.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.ClusterId, options.ServiceId));
        _ = silo.Services.Configure<SiloMessagingOptions>(o => o.MaxMessageBodySize = MaxMessageBytes);

        // The longest time-out also says how long a silo counts as alive after its last message: four probes' worth by default, in which its jobs would stand still.
        _ = silo.Services.Configure<ClusterMembershipOptions>(o => (o.ProbeTimeout, o.MaxProbeTimeout) = (options.ProbeTimeout, options.ProbeTimeout));

        // A processor that is fully used is this system's normal state, no reason to turn messages away.
        _ = silo.Services.Configure<LoadSheddingOptions>(o => o.LoadSheddingEnabled = false);
        _ = silo.Services.AddLogging(logging => logging
            .AddFilter("Orleans", LogLevel.Warning)
            .AddFilter("Microsoft.Orleans", LogLevel.Warning)
            // Each try of a placement; what became of it is told by Orleans.
            .AddFilter("Polly", LogLevel.None)
            .AddFilter("BlindGrain.Grains.Workers.WorkerService", LogLevel.Warning)

            // Their warnings advise the server collector; the worker's own memory is native, and its cores are all in use.
            .AddFilter("Orleans.Runtime.Silo", LogLevel.Error)

            // It compares its first round with the machine's start and warns of a stall at every start.
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error));
        _ = silo.Services.AddHostedService<SiloAnnouncer>();
    }
}
