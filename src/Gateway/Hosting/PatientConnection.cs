namespace BlindGrain.Gateway.Hosting;

/// <summary>Keeps trying to reach the cluster: a silo may start after its gateway.</summary>
internal sealed class PatientConnection(ILogger<PatientConnection> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        GatewayLog.ClusterUnreachable(logger, exception.Message);
        await Task.Delay(s_pause, cancellationToken);
        return true;
    }
}
