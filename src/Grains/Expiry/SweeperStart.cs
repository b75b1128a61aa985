using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Grains.Expiry;

/// <summary>Sees to it, once the silo works, that the cluster has a reminder to sweep: it may have been lost with the cluster that held it.</summary>
internal sealed class SweeperStart(IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SweeperStart> logger) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        while (true)
        {
            try
            {
                await grains.GetGrain<ISweeperGrain>(0).Start();
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                GrainsLog.SweepFailed(logger, "the reminder to sweep", e);
                await Task.Delay(s_pause, time, stoppingToken);
            }
        }
    }
}
