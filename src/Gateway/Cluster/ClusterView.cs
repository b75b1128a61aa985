using System.Diagnostics;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Cluster;

/// <summary>Asks the cluster for its load at most once a second, however many pages show it.</summary>
internal sealed class ClusterView(IGrainFactory grains) : IDisposable
{
    private static readonly TimeSpan s_freshFor = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _gate = new(1);
    private ClusterDocument? _last;
    private long _at;

    /// <summary>The load, at most a second old.</summary>
    public async Task<ClusterDocument> Get(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_last is null || Stopwatch.GetElapsedTime(_at) > s_freshFor)
            {
                _last = ClusterDocument.From(await grains.GetGrain<IClusterGrain>(IClusterGrain.Key).GetLoads());
                _at = Stopwatch.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
