using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tfhe.Keys;

/// <summary>The secret keys of one client. Never leaves the client; not printable.</summary>
public sealed class ClientKey
{
    /// <summary>The parameters that the key is for.</summary>
    public ParameterSet Parameters => throw new NotImplementedException();

    /// <summary>Draws a new key from the operating system's randomness.</summary>
    public static ClientKey Generate(ParameterSet parameters) => throw new NotImplementedException();

    /// <summary>Makes fresh evaluation keys in their seeded form, on all cores.</summary>
    public EvaluationKey CreateEvaluationKey(CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Writes the key, in the clear: the caller keeps the stream private.</summary>
    public void Write(Stream stream) => throw new NotImplementedException();

    /// <summary>Reads a key.</summary>
    /// <exception cref="FormatException">Not such a key, of another version, truncated or corrupted.</exception>
    public static ClientKey Read(Stream stream) => throw new NotImplementedException();
}
