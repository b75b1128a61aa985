using BlindGrain.Grains.Hosting;
using BlindGrain.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Caches;

/// <summary>
/// Drops keys from the cache whose file is gone. A deletion tells all silos; this is for the silo that could not be told at that moment, so
/// that no silo computes with a deleted key for longer than <see cref="WorkerOptions.KeyCheckInterval"/>.
/// </summary>
internal sealed class KeyWatch(ServerKeyCache keys, IBlobStore blobs, IOptions<WorkerOptions> options, TimeProvider time, ILogger<KeyWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.KeyCheckInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CheckAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Failure is never "gone".
                GrainsLog.KeysNotChecked(logger, e);
            }
        }
    }

    private async Task CheckAsync(CancellationToken cancellation)
    {
        foreach ((string tenant, string keySet) in keys.Held)
        {
            if (!await ExistsAsync(BlobNames.KeySet(tenant, keySet), cancellation))
            {
                keys.Evict(tenant, keySet);
                GrainsLog.KeyGone(logger, keySet);
            }
        }
    }

    private async Task<bool> ExistsAsync(string name, CancellationToken cancellation)
    {
        await foreach (BlobEntry entry in blobs.ListAsync(name, cancellation))
        {
            if (entry.Name == name)
            {
                return true;
            }
        }

        return false;
    }
}
