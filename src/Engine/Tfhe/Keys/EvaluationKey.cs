using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tfhe.Keys;

/// <summary>
/// Bootstrapping and key-switching key in seeded form (seeds and bodies): what a client uploads and a silo expands.
/// Public; it reveals nothing of the secret key.
/// </summary>
public sealed class EvaluationKey
{
    /// <summary>The parameters that the keys are for.</summary>
    public ParameterSet Parameters => throw new NotImplementedException();

    /// <summary>The exact number of bytes of the file of such a key, header included.</summary>
    public static long FileSize(ParameterSet parameters) => throw new NotImplementedException();

    /// <summary>Writes header, bodies and a checksum.</summary>
    public void Write(Stream stream) => throw new NotImplementedException();

    /// <summary>Reads and validates a key.</summary>
    /// <exception cref="FormatException">Not such a key, of another version, truncated, with bytes left over, corrupted, or
    /// with parameters below 128 bits; the message says which.</exception>
    public static EvaluationKey Read(Stream stream) => throw new NotImplementedException();

    /// <summary>Reads only the header: the parameters of the key that follows.</summary>
    /// <exception cref="FormatException">As <see cref="Read"/>.</exception>
    public static ParameterSet ReadParameters(Stream stream) => throw new NotImplementedException();
}
