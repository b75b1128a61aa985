using System.Runtime.InteropServices;
using BlindGrain.Engine.Formats;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Engine.Tfhe.Random;

namespace BlindGrain.Engine.Tfhe.Keys;

/// <summary>
/// Bootstrapping and key-switching key in seeded form (seeds and bodies): what a client uploads and a silo expands.
/// Public; it reveals nothing of the secret key. Row order: the key-switching key's row i·l + (j−1) is an encryption of
/// S_i·2^(32−βj); the bootstrapping key's GGSW i has rows u·l + (j−1), a GLWE encryption of −s_i·S_u·2^(64−βj) for u &lt; k and of
/// s_i·2^(64−βj) for u = k.
/// </summary>
public sealed class EvaluationKey
{
    private const string Magic = "BGEK";

    internal EvaluationKey(ParameterSet parameters, byte[] keyswitchSeed, uint[] keyswitchBodies, byte[] bootstrapSeed, ulong[][] bootstrapBodies)
    {
        Parameters = parameters;
        KeyswitchSeed = keyswitchSeed;
        KeyswitchBodies = keyswitchBodies;
        BootstrapSeed = bootstrapSeed;
        BootstrapBodies = bootstrapBodies;
    }

    /// <summary>The parameters that the keys are for.</summary>
    public ParameterSet Parameters { get; }

    internal byte[] KeyswitchSeed { get; }

    /// <summary>kN·l bodies.</summary>
    internal uint[] KeyswitchBodies { get; }

    internal byte[] BootstrapSeed { get; }

    /// <summary>For each of n GGSWs, the body polynomials of its rows: (k+1)·l·N words.</summary>
    internal ulong[][] BootstrapBodies { get; }

    /// <summary>The exact number of bytes of the file of such a key, header and checksum included.</summary>
    public static long FileSize(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return FormatReader.PrefixSize + ParameterSetFormat.SizeOf(parameters) + 1 + (2 * MaskGenerator.SeedSize) + parameters.SeededKeyBytes + FormatReader.ChecksumSize;
    }

    /// <summary>Writes header, seeds, bodies and a checksum.</summary>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var writer = new FormatWriter(stream, Magic, ParameterSetFormat.VersionFor(Parameters));
        ParameterSetFormat.Write(Parameters, writer);
        writer.WriteBytes([MaskGenerator.FormatVersion]);
        writer.WriteBytes(KeyswitchSeed);
        writer.WriteBytes(BootstrapSeed);
        writer.WriteBytes(MemoryMarshal.AsBytes(KeyswitchBodies.AsSpan()));
        foreach (ulong[] ggsw in BootstrapBodies)
        {
            writer.WriteBytes(MemoryMarshal.AsBytes(ggsw.AsSpan()));
        }

        writer.Finish();
    }

    /// <summary>Reads and validates a key. Memory is taken as the bytes arrive, so a short file that claims to be long costs little.</summary>
    /// <exception cref="FormatException">Not such a key, of another version, truncated, with bytes left over, corrupted, or
    /// with parameters below 128 bits; the message says which.</exception>
    public static EvaluationKey Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using FormatReader reader = Open(stream, out ParameterSet parameters);
        var keyswitchSeed = new byte[MaskGenerator.SeedSize];
        var bootstrapSeed = new byte[MaskGenerator.SeedSize];
        ReadSeeds(reader, keyswitchSeed, bootstrapSeed);
        var keyswitch = new uint[parameters.BigDimension.Value * parameters.Keyswitch.Levels];
        reader.ReadBytes(MemoryMarshal.AsBytes(keyswitch.AsSpan()));
        var bootstrap = new ulong[parameters.SmallDimension.Value][];
        int words = (parameters.GlweDimension.Value + 1) * parameters.Bootstrap.Levels * parameters.PolynomialSize.Value;
        for (int i = 0; i < bootstrap.Length; i++)
        {
            bootstrap[i] = new ulong[words];
            reader.ReadBytes(MemoryMarshal.AsBytes(bootstrap[i].AsSpan()));
        }

        reader.Finish();
        return new EvaluationKey(parameters, keyswitchSeed, keyswitch, bootstrapSeed, bootstrap);
    }

    /// <summary>Reads and validates a key without keeping it: bounded memory for a key of any size.</summary>
    /// <returns>The key's parameters.</returns>
    /// <exception cref="FormatException">As <see cref="Read"/>.</exception>
    public static ParameterSet Validate(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using FormatReader reader = Open(stream, out ParameterSet parameters);
        Span<byte> seeds = stackalloc byte[2 * MaskGenerator.SeedSize];
        ReadSeeds(reader, seeds[..MaskGenerator.SeedSize], seeds[MaskGenerator.SeedSize..]);
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
    public static ParameterSet ReadParameters(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using FormatReader reader = Open(stream, out ParameterSet parameters);
        return parameters;
    }

    private static void ReadSeeds(FormatReader reader, Span<byte> keyswitch, Span<byte> bootstrap)
    {
        reader.ReadBytes(keyswitch);
        reader.ReadBytes(bootstrap);
        if (keyswitch.SequenceEqual(bootstrap))
        {
            throw new FormatException("This is an evaluation key whose two parts share a seed; each must have its own.");
        }
    }

    private static FormatReader Open(Stream stream, out ParameterSet parameters)
    {
        var reader = new FormatReader(stream, Magic, ParameterSetFormat.NewestVersion, "an evaluation key");
        parameters = ParameterSetFormat.Read(reader);
        Span<byte> generator = stackalloc byte[1];
        reader.ReadBytes(generator);
        if (generator[0] != MaskGenerator.FormatVersion)
        {
            throw new FormatException($"This is an evaluation key whose masks come from generator {generator[0]}; this build knows generator {MaskGenerator.FormatVersion}.");
        }

        return reader;
    }
}
