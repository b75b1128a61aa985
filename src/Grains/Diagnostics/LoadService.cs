using BlindGrain.Grains.Caches;
using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Workers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Diagnostics;

/// <summary>Puts together what the silo's parts know of its load.</summary>
internal sealed class LoadService(
    GrainId id,
    Orleans.Runtime.Silo silo,
    ILoggerFactory loggers,
    ILocalSiloDetails details,
    LoadMeter meter,
    WorkerPool pool,
    ServerKeyCache keys,
    IOptions<WorkerOptions> options)
    : GrainService(id, silo, loggers), ILoadService
{
    public Task<SiloLoad> Get()
    {
        (long[] bootstraps, long last) = meter.History();
        return Task.FromResult(new SiloLoad
        {
            Silo = details.SiloAddress.Endpoint.ToString(),
            Answers = true,
            Started = meter.Started,
            Threads = pool.Threads,
            Processor = meter.Processor,
            KeyCacheBytes = keys.UsedBytes,
            KeyCacheLimitBytes = options.Value.EffectiveKeyCacheBytes,
            PendingBootstraps = meter.Pending,
            Bootstraps = bootstraps,
            LastInterval = last,
        });
    }
}
