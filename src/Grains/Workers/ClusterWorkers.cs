using BlindGrain.Grains.Interfaces;
using Orleans.Runtime.Services;

namespace BlindGrain.Grains.Workers;

/// <summary>The workers of the silos that membership calls active.</summary>
internal sealed class ClusterWorkers(IServiceProvider services, IClusterMembershipService membership) : GrainServiceClient<IWorkerService>(services), IWorkers
{
    public IReadOnlyCollection<SiloAddress> Active =>
        [.. membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.SiloAddress)];

    public IWorkerService On(SiloAddress silo) => GetGrainService(silo);
}
