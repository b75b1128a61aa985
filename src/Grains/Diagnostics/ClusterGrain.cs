using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Workers;
using Orleans.Concurrency;
using Orleans.Runtime.Services;

namespace BlindGrain.Grains.Diagnostics;

/// <summary>Asks every silo for its load, all at once. Stateless: activated where it is called, without directory and storage.</summary>
[StatelessWorker(1), GrainType("cluster")]
internal sealed class ClusterGrain(IWorkers workers, LoadServices services) : Grain, IClusterGrain
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlyList<SiloLoad>> GetLoads()
    {
        SiloLoad[] loads = await Task.WhenAll(workers.Active.Select(LoadOf));
        return [.. loads.OrderBy(l => l.Silo, StringComparer.Ordinal)];
    }

    private async Task<SiloLoad> LoadOf(SiloAddress silo)
    {
        try
        {
            return await services.On(silo).Get().WaitAsync(s_patience);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // Hung, just gone, or of a version without this service.
            return new SiloLoad { Silo = silo.Endpoint.ToString() };
        }
    }
}

/// <summary>The load services of the cluster.</summary>
internal sealed class LoadServices(IServiceProvider services) : GrainServiceClient<ILoadService>(services)
{
    /// <summary>That of a silo.</summary>
    public ILoadService On(SiloAddress silo) => GetGrainService(silo);
}
