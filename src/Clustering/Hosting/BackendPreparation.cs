using System.Diagnostics;
using BlindGrain.Clustering.Backends;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Clustering.Hosting;

/// <summary>Waits, before anything of Orleans starts, until the backend can be used; a silo makes what is missing in it.</summary>
internal sealed class BackendPreparation(IBackendServer server, ClusterBackendOptions options, bool mayMigrate, ILogger<BackendPreparation> logger) : IHostedService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await server.CheckAsync(mayMigrate, cancellationToken);
                ClusteringLog.BackendReady(logger, server.Description);
                return;
            }
            catch (ClusterUnavailableException e) when (Stopwatch.GetElapsedTime(start) + s_pause < options.StartTimeout)
            {
                ClusteringLog.BackendUnavailable(logger, e.Message);
                await Task.Delay(s_pause, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
