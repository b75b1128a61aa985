using System.Runtime.InteropServices;
using BlindGrain.Engine.Formats;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Engine.Tfhe.Random;

namespace BlindGrain.Engine.Tfhe.Keys;

/// <summary>
/// Bootstrapping and key-switching keys in seeded form (seeds and bodies): what a client uploads and a silo expands.
/// Public; it reveals nothing of the secret key. Row order: a key-switching key's row i·l + (j−1) is an encryption of
/// S_i·2^(32−βj); a bootstrapping key's GGSW i has rows u·l + (j−1), a GLWE encryption of −s_i·S_u·2^(64−βj) for u &lt; k and of
/// s_i·2^(64−βj) for u = k. In the file all seeds come first, then the bodies, both set after set: the key switch from each big key, then the bootstrapping key.
/// </summary>
public sealed class EvaluationKey
{
    private const string Magic = "BGEK";

    internal EvaluationKey(ParameterSuite parameters, EvaluationKeyPart[] parts)
    {
        Parameters = parameters;
        Parts = parts;
    }

    /// <summary>The parameters that the keys are for.</summary>
    public ParameterSuite Parameters { get; }

    /// <summary>The keys of each set, in the suite's order.</summary>
    internal EvaluationKeyPart[] Parts { get; }

    /// <summary>The exact number of bytes of the file of such a key, header and checksum included.</summary>
    public static long FileSize(ParameterSuite parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return FormatReader.PrefixSize + ParameterSuiteFormat.SizeOf(parameters) + 1 + (SeedsOf(parameters) * MaskGenerator.SeedSize) + parameters.SeededKeyBytes + FormatReader.ChecksumSize;
    }

    /// <summary>Writes header, seeds, bodies and a checksum.</summary>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var writer = new FormatWriter(stream, Magic, ParameterSuiteFormat.VersionFor(Parameters));
        ParameterSuiteFormat.Write(Parameters, writer);
        writer.WriteBytes([MaskGenerator.FormatVersion]);
        foreach (byte[] seed in Parts.SelectMany(p => p.Keyswitches.Select(k => k.Seed).Append(p.BootstrapSeed)))
        {
            writer.WriteBytes(seed);
        }

        foreach (EvaluationKeyPart part in Parts)
        {
            foreach (SeededKeyswitchKey keyswitch in part.Keyswitches)
            {
                writer.WriteBytes(MemoryMarshal.AsBytes(keyswitch.Bodies.AsSpan()));
            }

            foreach (ulong[] ggsw in part.BootstrapBodies)
            {
                writer.WriteBytes(MemoryMarshal.AsBytes(ggsw.AsSpan()));
            }
        }

        writer.Finish();
    }

    /// <summary>Reads and validates a key. Memory is taken as the bytes arrive, so a short file that claims to be long costs little.</summary>
    /// <exception cref="FormatException">Not such a key, of another version, truncated, with bytes left over, corrupted, or
    /// with parameters below 128 bits; the message says which.</exception>
    public static EvaluationKey Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using FormatReader reader = Open(stream, out ParameterSuite parameters);
        var seeds = new Queue<byte[]>(ReadSeeds(reader, parameters));
        EvaluationKeyPart[] parts = [.. parameters.Sets.Select(set =>
        {
            byte[][] keyswitchSeeds = [.. parameters.BigKeys.Select(_ => seeds.Dequeue())];
            byte[] bootstrapSeed = seeds.Dequeue();
            SeededKeyswitchKey[] keyswitches = [.. parameters.BigKeys.Select((from, i) => new SeededKeyswitchKey(keyswitchSeeds[i], ReadKeyswitch(reader, from, set)))];
            return new EvaluationKeyPart(set, keyswitches, bootstrapSeed, ReadBootstrap(reader, set));
        })];
        reader.Finish();
        return new EvaluationKey(parameters, parts);
    }

    /// <summary>Reads and validates a key without keeping it: bounded memory for a key of any size.</summary>
    /// <returns>The key's parameters.</returns>
    /// <exception cref="FormatException">As <see cref="Read"/>.</exception>
    public static ParameterSuite Validate(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using FormatReader reader = Open(stream, out ParameterSuite parameters);
        _ = ReadSeeds(reader, parameters);
        var piece = new byte[1 << 16];
        for (long left = parameters.SeededKeyBytes; left > 0; left -= Math.Min(left, piece.Length))
        {
            reader.ReadBytes(piece.AsSpan(0, (int)Math.Min(left, piece.Length)));
        }

        reader.Finish();
        return parameters;
    }

    /// <summary>Reads only the header: the parameters of the key that follows.</summary>
    /// <exception cref="FormatException">As <see cref="Read"/>.</exception>
    public static ParameterSuite ReadParameters(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using FormatReader reader = Open(stream, out ParameterSuite parameters);
        return parameters;
    }

    /// <summary>The keys of a set.</summary>
    /// <exception cref="ArgumentException">The key is not for it.</exception>
    internal EvaluationKeyPart PartOf(ParameterSet set) => Parts[Parameters.IndexOf(set)];

    private static int SeedsOf(ParameterSuite parameters) => parameters.Sets.Count * (parameters.BigKeys.Count + 1);

    private static byte[][] ReadSeeds(FormatReader reader, ParameterSuite parameters)
    {
        var seeds = new byte[SeedsOf(parameters)][];
        for (int i = 0; i < seeds.Length; i++)
        {
            seeds[i] = new byte[MaskGenerator.SeedSize];
            reader.ReadBytes(seeds[i]);
        }

        return seeds.DistinctBy(Convert.ToHexString).Count() == seeds.Length
            ? seeds
            : throw new FormatException("This is an evaluation key whose parts share a seed; each must have its own.");
    }

    private static uint[] ReadKeyswitch(FormatReader reader, GlweParameters from, ParameterSet set)
    {
        var bodies = new uint[from.BigDimension.Value * set.Keyswitch.Levels];
        reader.ReadBytes(MemoryMarshal.AsBytes(bodies.AsSpan()));
        return bodies;
    }

    private static ulong[][] ReadBootstrap(FormatReader reader, ParameterSet set)
    {
        var bodies = new ulong[set.SmallDimension.Value][];
        int words = (set.GlweDimension.Value + 1) * set.Bootstrap.Levels * set.PolynomialSize.Value;
        for (int i = 0; i < bodies.Length; i++)
        {
            bodies[i] = new ulong[words];
            reader.ReadBytes(MemoryMarshal.AsBytes(bodies[i].AsSpan()));
        }

        return bodies;
    }

    private static FormatReader Open(Stream stream, out ParameterSuite parameters)
    {
        var reader = new FormatReader(stream, Magic, ParameterSuiteFormat.NewestVersion, "an evaluation key");
        parameters = ParameterSuiteFormat.Read(reader);
        Span<byte> generator = stackalloc byte[1];
        reader.ReadBytes(generator);
        if (generator[0] != MaskGenerator.FormatVersion)
        {
            throw new FormatException($"This is an evaluation key whose masks come from generator {generator[0]}; this build knows generator {MaskGenerator.FormatVersion}.");
        }

        return reader;
    }
}
