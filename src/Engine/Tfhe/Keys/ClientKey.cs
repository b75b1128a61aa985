using System.Security.Cryptography;
using BlindGrain.Engine.Formats;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Engine.Tfhe.Random;

namespace BlindGrain.Engine.Tfhe.Keys;

/// <summary>
/// The secret keys of one client: for each parameter set a binary vector of dimension n (small, drawn as the parameters say), and for each k, N one of dimension kN (big, the flattened GLWE key,
/// uniform). All are independent. It never leaves the client, and prints as nothing but its parameters.
/// </summary>
public sealed class ClientKey
{
    private const string Magic = "BGCK";

    private readonly byte[][] _small;
    private readonly byte[][] _big;

    /// <summary>Takes the vectors of <see cref="Layout"/>.</summary>
    private ClientKey(ParameterSuite parameters, byte[][] vectors)
    {
        Parameters = parameters;
        _small = vectors[..parameters.Sets.Count];
        _big = vectors[parameters.Sets.Count..];
    }

    /// <summary>The parameters that the key is for.</summary>
    public ParameterSuite Parameters { get; }

    /// <summary>The small LWE key of a key with one set.</summary>
    internal byte[] Small => SmallOf(Parameters.Only);

    /// <summary>The big key of a key with one set.</summary>
    internal byte[] Big => BigOf(Parameters.Only.Glwe);

    /// <summary>Draws a new key from the operating system's randomness.</summary>
    public static ClientKey Generate(ParameterSuite parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using SecretGenerator random = SecretGenerator.Create();
        return new ClientKey(parameters, [.. Layout(parameters).Select(part =>
        {
            var vector = new byte[part.Dimension.Value];
            if (part.Keys.IsUniform)
            {
                random.FillBits(vector);
            }
            else
            {
                random.FillBlocks(vector, part.Keys.BlockLength);
            }

            return vector;
        })]);
    }

    /// <summary>Makes fresh evaluation keys in their seeded form, on all cores.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public EvaluationKey CreateEvaluationKey(CancellationToken cancellation = default) => EvaluationKeyGenerator.Generate(this, cancellation);

    /// <summary>Writes the key, in the clear: the caller keeps the stream private.</summary>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var writer = new FormatWriter(stream, Magic, ParameterSuiteFormat.VersionFor(Parameters));
        ParameterSuiteFormat.Write(Parameters, writer);
        foreach (byte[] vector in _small.Concat(_big))
        {
            writer.WriteBytes(vector);
        }

        writer.Finish();
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="FormatException">Not such a key, of another version, truncated or corrupted.</exception>
    public static ClientKey Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var reader = new FormatReader(stream, Magic, ParameterSuiteFormat.NewestVersion, "a client key");
        ParameterSuite parameters = ParameterSuiteFormat.Read(reader);
        (LweDimension Dimension, KeyDistribution Keys)[] layout = [.. Layout(parameters)];
        byte[][] vectors = [.. layout.Select(part => new byte[part.Dimension.Value])];
        Array.ForEach(vectors, v => reader.ReadBytes(v));
        reader.Finish();
        for (int i = 0; i < vectors.Length; i++)
        {
            if (Fault(vectors[i], layout[i].Keys) is { } fault)
            {
                Array.ForEach(vectors, v => CryptographicOperations.ZeroMemory(v));
                throw new FormatException($"This is a client key with {fault}.");
            }
        }

        return new ClientKey(parameters, vectors);
    }

    /// <inheritdoc/>
    public override string ToString() => $"client key for {Parameters.Id}";

    /// <summary>The small LWE key of a set: n values of 0 or 1.</summary>
    internal byte[] SmallOf(ParameterSet set) => _small[Parameters.IndexOf(set)];

    /// <summary>A big key: k polynomials of N values of 0 or 1.</summary>
    internal byte[] BigOf(GlweParameters glwe) => _big[Parameters.IndexOf(glwe)];

    /// <summary>The vectors of a key, in the order of its file: the small one of each set, then the big ones.</summary>
    private static IEnumerable<(LweDimension Dimension, KeyDistribution Keys)> Layout(ParameterSuite parameters) =>
        [.. parameters.Sets.Select(p => (p.SmallDimension, p.Keys)), .. parameters.BigKeys.Select(g => (g.BigDimension, KeyDistribution.Uniform))];

    private static string? Fault(byte[] vector, KeyDistribution keys)
    {
        if (vector.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            return "values other than 0 and 1";
        }

        return !keys.IsUniform && vector.Chunk(keys.BlockLength).Any(block => block.Sum(bit => bit) > 1) ? $"more than one 1 in a key block of {keys.BlockLength}" : null;
    }
}
