using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlindGrain.Silo.Health;

/// <summary>Whether the cluster counts this silo as an active member, so that it gets work.</summary>
internal sealed class SiloReadiness(ISiloStatusOracle status) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        status.CurrentStatus == SiloStatus.Active ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"The silo is {status.CurrentStatus}."));
}
