using BlindGrain.Grains.Scheduling;

namespace BlindGrain.Grains.Jobs;

/// <summary>The order in which silos are homes of a key set.</summary>
internal static class HomeSilos
{
    /// <summary>The silos, the key set's first home first.</summary>
    public static SiloAddress[] Rank(string tenant, string keySet, IEnumerable<SiloAddress> silos) =>
        RendezvousHash.Rank($"{tenant}/{keySet}", silos, s => s.ToParsableString());
}
