using BlindGrain.Grains.Interfaces;
using Orleans.Concurrency;

namespace BlindGrain.Grains.Diagnostics;

/// <summary>Stateless, so that it is activated where it is called and needs neither directory nor storage.</summary>
[StatelessWorker(1), GrainType("pulse")]
internal sealed class PulseGrain : Grain, IPulseGrain
{
    public Task Beat() => Task.CompletedTask;
}
