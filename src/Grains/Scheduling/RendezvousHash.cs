using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BlindGrain.Grains.Scheduling;

/// <summary>
/// Rendezvous hashing (Thaler and Ravishankar, 1998): for each key an order of the nodes, the same wherever it is computed. A node that comes or goes
/// moves only the keys that it is first for.
/// </summary>
internal static class RendezvousHash
{
    /// <summary>The nodes, the key's first home first.</summary>
    /// <param name="key">What is placed.</param>
    /// <param name="nodes">The nodes, in any order.</param>
    /// <param name="name">A node's name, its own.</param>
    public static T[] Rank<T>(string key, IEnumerable<T> nodes, Func<T, string> name) =>
        [.. nodes.Select(n => (Node: n, Name: name(n))).OrderByDescending(n => Score($"{key}@{n.Name}")).ThenBy(n => n.Name, StringComparer.Ordinal).Select(n => n.Node)];

    private static ulong Score(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
