using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace BlindGrain.Silo;

/// <summary>Says in the log where the silo listens once it does, and when it goes.</summary>
internal sealed class SiloAnnouncer(
    IHostApplicationLifetime lifetime,
    ILocalSiloDetails silo,
    IOptions<ClusterOptions> cluster,
    ILogger<SiloAnnouncer> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = lifetime.ApplicationStarted.Register(() => SiloLog.Started(
            logger, silo.SiloAddress.Endpoint.ToString(), silo.GatewayAddress?.Endpoint.ToString(), cluster.Value.ClusterId));
        _ = lifetime.ApplicationStopping.Register(() => SiloLog.Stopping(logger, silo.SiloAddress.Endpoint.ToString()));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
