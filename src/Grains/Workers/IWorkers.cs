using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Workers;

/// <summary>The workers of the cluster, as a job sees them.</summary>
internal interface IWorkers
{
    /// <summary>The silos that take work now.</summary>
    IReadOnlyCollection<SiloAddress> Active { get; }

    /// <summary>The silos that stop in good order: they take no work, and finish what they have begun.</summary>
    IReadOnlyCollection<SiloAddress> Leaving { get; }

    /// <summary>The worker of a silo.</summary>
    IWorkerService On(SiloAddress silo);
}
