using BlindGrain.Grains.Interfaces;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlindGrain.Silo.Health;

/// <summary>
/// Whether this silo's scheduler runs: a grain without state, activated here, answers. It asks nothing of other silos, of the membership's server or of
/// the storage, so their failures restart no silo. While the silo joins or leaves there is no scheduler to ask, and that the process answers is enough.
/// </summary>
internal sealed class SiloLiveness(IGrainFactory grains, ISiloStatusOracle status) : IHealthCheck
{
    /// <summary>Shorter than a probe's patience, so that the answer comes in time to be read.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (status.CurrentStatus != SiloStatus.Active)
        {
            return HealthCheckResult.Healthy($"The silo is {status.CurrentStatus}.");
        }

        try
        {
            await grains.GetGrain<IPulseGrain>("local").Beat().WaitAsync(s_patience, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is not OperationCanceledException && status.CurrentStatus != SiloStatus.Active)
        {
            return HealthCheckResult.Healthy($"The silo is {status.CurrentStatus}.");
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return HealthCheckResult.Unhealthy($"No grain of this silo answers: {e.Message}");
        }
    }
}
