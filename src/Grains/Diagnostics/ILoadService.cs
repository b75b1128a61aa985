using BlindGrain.Grains.Interfaces;
using Orleans.Services;

namespace BlindGrain.Grains.Diagnostics;

/// <summary>Tells one silo's load to the others. Not for clients of the cluster.</summary>
[Alias("BlindGrain.ILoadService")]
internal interface ILoadService : IGrainService
{
    /// <summary>The load, now.</summary>
    [Alias("Get"), ResponseTimeout("00:00:03")]
    Task<SiloLoad> Get();
}
