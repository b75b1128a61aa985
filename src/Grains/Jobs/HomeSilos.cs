using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BlindGrain.Grains.Jobs;

/// <summary>
/// Rendezvous hashing: for each key set an order of the silos, the same wherever it is computed. A silo that comes or goes moves
/// only the key sets that it is first for.
/// </summary>
internal static class HomeSilos
{
    /// <summary>The silos, the key set's first home first.</summary>
    public static SiloAddress[] Rank(string tenant, string keySet, IEnumerable<SiloAddress> silos) =>
        [.. silos.Select(s => (Silo: s, Name: s.ToParsableString())).OrderByDescending(s => Score($"{tenant}/{keySet}@{s.Name}")).ThenBy(s => s.Name, StringComparer.Ordinal).Select(s => s.Silo)];

    private static ulong Score(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
