using BlindGrain.Grains.Interfaces;
using Orleans.Runtime.Services;

namespace BlindGrain.Grains.Workers;

/// <summary>The workers of the silos that membership knows.</summary>
internal sealed class ClusterWorkers(IServiceProvider services, IClusterMembershipService membership) : GrainServiceClient<IWorkerService>(services), IWorkers
{
    public IReadOnlyCollection<SiloAddress> Active => In(SiloStatus.Active);

    public IReadOnlyCollection<SiloAddress> Leaving => In(SiloStatus.ShuttingDown, SiloStatus.Stopping);

    public IWorkerService On(SiloAddress silo) => GetGrainService(silo);

    private SiloAddress[] In(params ReadOnlySpan<SiloStatus> wanted)
    {
        var silos = new List<SiloAddress>();
        foreach (ClusterMember member in membership.CurrentSnapshot.Members.Values)
        {
            if (wanted.Contains(member.Status))
            {
                silos.Add(member.SiloAddress);
            }
        }

        return [.. silos];
    }
}
