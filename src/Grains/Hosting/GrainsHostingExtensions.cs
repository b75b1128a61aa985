using BlindGrain.Engine.Execution;
using BlindGrain.Grains.Caches;
using BlindGrain.Grains.Diagnostics;
using BlindGrain.Grains.Expiry;
using BlindGrain.Grains.Jobs;
using BlindGrain.Grains.Scheduling;
using BlindGrain.Grains.Security;
using BlindGrain.Grains.Workers;
using BlindGrain.Storage.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Hosting;

/// <summary>Adds the grains to a silo.</summary>
public static class GrainsHostingExtensions
{
    /// <summary>The meter of jobs, slices and key cache.</summary>
    public const string MeterName = GrainsMetrics.MeterName;

    /// <summary>The activity source of jobs, layers and slices.</summary>
    public const string ActivitySourceName = GrainsTracing.SourceName;

    /// <summary>
    /// Adds grains, worker, caches and storage by the sections "Worker", "Retention", "Quotas" and "Storage" of <paramref name="configuration"/> (its
    /// root). Settings that cannot work fail the host's start. Reminders and clustering are the caller's.
    /// </summary>
    public static ISiloBuilder AddBlindGrainGrains(this ISiloBuilder silo, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(configuration);
        IServiceCollection services = silo.Services;
        _ = services.AddOptions<WorkerOptions>().Bind(configuration.GetSection(WorkerOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkerOptions>, WorkerOptionsValidator>());
        _ = services.AddOptions<RetentionOptions>().Bind(configuration.GetSection(RetentionOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RetentionOptions>, RetentionOptionsValidator>());
        _ = services.AddOptions<QuotaOptions>().Bind(configuration.GetSection(QuotaOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QuotaOptions>, QuotaOptionsValidator>());

        // Orleans refuses reminders below a minute unless told that they are meant.
        _ = services.AddOptions<ReminderOptions>().Configure<IOptions<WorkerOptions>>((reminders, worker) =>
            reminders.MinimumReminderPeriod = TimeSpan.FromTicks(Math.Min(reminders.MinimumReminderPeriod.Ticks, worker.Value.ResumeInterval.Ticks)));
        _ = services.AddBlindGrainStorage(configuration).AddBlindGrainGrainStorage();
        _ = services.AddMetrics();
        services.TryAddSingleton<GrainsMetrics>();
        services.TryAddSingleton<IKeyLoader, BlobKeyLoader>();
        services.TryAddSingleton<ServerKeyCache>();
        services.TryAddSingleton<ModelCache>();
        services.TryAddSingleton<WorkerPool>();
        services.TryAddSingleton<CostBook<LookupPass>>();
        services.TryAddSingleton(provider => AdmissionOf(provider.GetRequiredService<IOptions<WorkerOptions>>().Value));
        services.TryAddSingleton<IWorkers, ClusterWorkers>();
        services.TryAddSingleton(provider => new MemoryGuard(
            provider.GetRequiredService<IOptions<WorkerOptions>>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<MemoryGuard>>()));
        services.TryAddSingleton<JobGate>();
        services.TryAddSingleton<JobServices>();
        services.TryAddSingleton<LoadServices>();
        services.TryAddSingleton<LoadMeter>();
        _ = services.AddHostedService(provider => provider.GetRequiredService<LoadMeter>());
        _ = services.AddHostedService<KeyWatch>().AddHostedService<SweeperStart>().AddHostedService<JobResumer>();
        return silo.AddIncomingGrainCallFilter<ExternalCallFilter>().AddGrainService<WorkerService>().AddGrainService<LoadService>();
    }

    private static Admission AdmissionOf(WorkerOptions options) => new(options.Slices, options.EffectiveSlicesPerTenant);
}
