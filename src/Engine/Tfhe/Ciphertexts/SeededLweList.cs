using System.Runtime.InteropServices;
using System.Text;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Engine.Tfhe.Random;

namespace BlindGrain.Engine.Tfhe.Ciphertexts;

/// <summary>
/// Fresh ciphertexts under the big key as a client sends them: the 16-byte seed of all masks and one 64-bit body a value.
/// The bytes: "BGIN", version, mask generator (two bytes), count (four), the parameter set's id (length in one byte, ASCII),
/// the seed, the bodies; little-endian.
/// </summary>
public sealed class SeededLweList
{
    private const byte FormatVersion = 1;
    private const int MaxCount = 1 << 24;
    private static readonly byte[] s_magic = "BGIN"u8.ToArray();
    private readonly byte[] _seed;
    private readonly ulong[] _bodies;

    private SeededLweList(string parameterSetId, byte[] seed, ulong[] bodies)
    {
        ParameterSetId = parameterSetId;
        _seed = seed;
        _bodies = bodies;
    }

    /// <summary>The number of ciphertexts.</summary>
    public int Count => _bodies.Length;

    /// <summary>The id of the parameters (<see cref="ParameterSuite.Id"/>) of the model that they are for.</summary>
    public string ParameterSetId { get; }

    /// <summary>The bytes of a list of <paramref name="count"/> ciphertexts under <paramref name="parameters"/>.</summary>
    public static long ByteSize(ParameterSuite parameters, int count)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return s_magic.Length + 2 + sizeof(int) + 1 + parameters.Id.Length + MaskGenerator.SeedSize + ((long)count * sizeof(ulong));
    }

    /// <summary>Encrypts torus words under the big key of a key with one set.</summary>
    internal static SeededLweList Encrypt(ClientKey key, ReadOnlySpan<ulong> messages) => Encrypt(key, key.Parameters, key.Parameters.Only.Glwe, messages);

    /// <summary>Encrypts torus words under one of the big keys, for a model of the given parameters.</summary>
    internal static SeededLweList Encrypt(ClientKey key, ParameterSuite parameters, GlweParameters glwe, ReadOnlySpan<ulong> messages)
    {
        byte[] big = key.BigOf(glwe);
        double std = Math.Pow(2, glwe.Log2Std);
        byte[] seed = MaskGenerator.NewSeed();
        using var masks = new MaskGenerator(seed);
        using SecretGenerator noise = SecretGenerator.Create();
        var mask = new ulong[big.Length];
        var bodies = new ulong[messages.Length];
        for (int i = 0; i < bodies.Length; i++)
        {
            masks.Fill(MaskDomain.LweList, 0, i, mask.AsSpan());
            ulong body = messages[i] + noise.NextTorusNoise(std);
            for (int t = 0; t < mask.Length; t++)
            {
                body += mask[t] & (0UL - big[t]);
            }

            bodies[i] = body;
        }

        return new SeededLweList(parameters.Id, seed, bodies);
    }

    /// <summary>Reads a list from its bytes.</summary>
    /// <exception cref="FormatException">Not such a list, of another version, truncated, or with bytes left over.</exception>
    public static SeededLweList Parse(ReadOnlySpan<byte> bytes)
    {
        const int fixedHead = 4 + 2 + sizeof(int) + 1;
        if (bytes.Length < fixedHead || !bytes[..4].SequenceEqual(s_magic))
        {
            throw new FormatException("This is not an encrypted input: it does not begin with 'BGIN' and a header.");
        }

        if (bytes[4] != FormatVersion || bytes[5] != MaskGenerator.FormatVersion)
        {
            throw new FormatException($"This is an encrypted input of format {bytes[4]}.{bytes[5]}; this build reads {FormatVersion}.{MaskGenerator.FormatVersion}.");
        }

        int count = MemoryMarshal.Read<int>(bytes[6..]);
        int idLength = bytes[10];
        if (count is < 1 or > MaxCount)
        {
            throw new FormatException($"This is an encrypted input that claims {count} values; it may hold 1 to {MaxCount}.");
        }

        long expected = fixedHead + idLength + MaskGenerator.SeedSize + ((long)count * sizeof(ulong));
        if (bytes.Length != expected)
        {
            throw new FormatException($"This is an encrypted input of {bytes.Length} bytes; {count} values take {expected}.");
        }

        string id = Encoding.ASCII.GetString(bytes.Slice(fixedHead, idLength));
        byte[] seed = bytes.Slice(fixedHead + idLength, MaskGenerator.SeedSize).ToArray();
        var bodies = new ulong[count];
        bytes[(fixedHead + idLength + MaskGenerator.SeedSize)..].CopyTo(MemoryMarshal.AsBytes(bodies.AsSpan()));
        return new SeededLweList(id, seed, bodies);
    }

    /// <summary>The list as bytes.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        stream.Write(s_magic);
        stream.Write([FormatVersion, MaskGenerator.FormatVersion]);
        Span<byte> count = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(count, Count);
        stream.Write(count);
        byte[] id = Encoding.ASCII.GetBytes(ParameterSetId);
        stream.WriteByte((byte)id.Length);
        stream.Write(id);
        stream.Write(_seed);
        stream.Write(MemoryMarshal.AsBytes(_bodies.AsSpan()));
        return stream.ToArray();
    }

    /// <summary>Expands the masks of a list for parameters with one big key, and rounds to 32-bit words.</summary>
    /// <exception cref="ArgumentException">The list is for other parameters, or these have several big keys.</exception>
    public LweBatch Expand(ParameterSuite parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.BigKeys.Count == 1
            ? Expand(parameters, parameters.BigKeys[0])
            : throw new ArgumentException($"The parameters {parameters.Id} have {parameters.BigKeys.Count} big keys: say which one the list is under.", nameof(parameters));
    }

    /// <summary>Expands the masks and rounds to 32-bit words.</summary>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="glwe">The big key that the model reads its input under.</param>
    /// <exception cref="ArgumentException">The list is for other parameters.</exception>
    public LweBatch Expand(ParameterSuite parameters, GlweParameters glwe)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Id != ParameterSetId)
        {
            throw new ArgumentException($"The encrypted input is for parameters {ParameterSetId}, not {parameters.Id}.", nameof(parameters));
        }

        var batch = new LweBatch(glwe.BigDimension, Count);
        using var masks = new MaskGenerator(_seed);
        var mask = new ulong[glwe.BigDimension.Value];
        for (int i = 0; i < Count; i++)
        {
            masks.Fill(MaskDomain.LweList, 0, i, mask.AsSpan());
            Span<uint> row = batch[i];
            for (int t = 0; t < mask.Length; t++)
            {
                row[t] = (uint)((mask[t] + 0x80000000UL) >> 32);
            }

            row[^1] = (uint)((_bodies[i] + 0x80000000UL) >> 32);
        }

        return batch;
    }
}
