using System.Security.Cryptography;
using BlindGrain.Engine.Formats;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Engine.Tfhe.Random;

namespace BlindGrain.Engine.Tfhe.Keys;

/// <summary>
/// The secret keys of one client: binary vectors of dimension n (small, drawn as the parameters say) and kN (big, the flattened GLWE key, uniform).
/// It never leaves the client, and prints as nothing but its parameters.
/// </summary>
public sealed class ClientKey
{
    private const string Magic = "BGCK";

    private ClientKey(ParameterSet parameters, byte[] small, byte[] big)
    {
        Parameters = parameters;
        Small = small;
        Big = big;
    }

    /// <summary>The parameters that the key is for.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>The small LWE key: n values of 0 or 1.</summary>
    internal byte[] Small { get; }

    /// <summary>The big key: k polynomials of N values of 0 or 1.</summary>
    internal byte[] Big { get; }

    /// <summary>Draws a new key from the operating system's randomness.</summary>
    public static ClientKey Generate(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using SecretGenerator random = SecretGenerator.Create();
        var small = new byte[parameters.SmallDimension.Value];
        var big = new byte[parameters.BigDimension.Value];
        if (parameters.Keys.IsUniform)
        {
            random.FillBits(small);
        }
        else
        {
            random.FillBlocks(small, parameters.Keys.BlockLength);
        }

        random.FillBits(big);
        return new ClientKey(parameters, small, big);
    }

    /// <summary>Makes fresh evaluation keys in their seeded form, on all cores.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public EvaluationKey CreateEvaluationKey(CancellationToken cancellation = default) => EvaluationKeyGenerator.Generate(this, cancellation);

    /// <summary>Writes the key, in the clear: the caller keeps the stream private.</summary>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var writer = new FormatWriter(stream, Magic, ParameterSetFormat.VersionFor(Parameters));
        ParameterSetFormat.Write(Parameters, writer);
        writer.WriteBytes(Small);
        writer.WriteBytes(Big);
        writer.Finish();
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="FormatException">Not such a key, of another version, truncated or corrupted.</exception>
    public static ClientKey Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var reader = new FormatReader(stream, Magic, ParameterSetFormat.NewestVersion, "a client key");
        ParameterSet parameters = ParameterSetFormat.Read(reader);
        var small = new byte[parameters.SmallDimension.Value];
        var big = new byte[parameters.BigDimension.Value];
        reader.ReadBytes(small);
        reader.ReadBytes(big);
        reader.Finish();
        if (small.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)1) || big.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            CryptographicOperations.ZeroMemory(small);
            CryptographicOperations.ZeroMemory(big);
            throw new FormatException("This is a client key with values other than 0 and 1.");
        }

        if (!parameters.Keys.IsUniform && small.Chunk(parameters.Keys.BlockLength).Any(block => block.Sum(bit => bit) > 1))
        {
            CryptographicOperations.ZeroMemory(small);
            CryptographicOperations.ZeroMemory(big);
            throw new FormatException($"This is a client key with more than one 1 in a key block of {parameters.Keys.BlockLength}.");
        }

        return new ClientKey(parameters, small, big);
    }

    /// <inheritdoc/>
    public override string ToString() => $"client key for {Parameters.Id}";
}
