using BlindGrain.Gateway.Errors;
using BlindGrain.Grains.Interfaces;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlindGrain.Gateway.Server;

/// <summary>Whether a silo answers this gateway.</summary>
internal sealed class ClusterReadiness(IGrainFactory grains) : IHealthCheck
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    public async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            await grains.GetGrain<IPulseGrain>("gateway").Beat().WaitAsync(s_patience, cancellation);
            return true;
        }
        catch (Exception e) when (ClusterFailures.IsTransient(e))
        {
            return false;
        }
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await AnswersAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("No silo answers.");
}
