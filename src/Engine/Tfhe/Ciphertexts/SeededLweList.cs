using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tfhe.Ciphertexts;

/// <summary>
/// Fresh ciphertexts under the big key as a client sends them: the 16-byte seed of all masks and one 64-bit body a value.
/// The bytes: a header with magic, version, parameter set id and count, then the bodies.
/// </summary>
public sealed class SeededLweList
{
    /// <summary>The number of ciphertexts.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>The parameter set of the key they are under.</summary>
    public string ParameterSetId => throw new NotImplementedException();

    /// <summary>Reads a list from its bytes.</summary>
    /// <exception cref="FormatException">Not such a list, of another version, truncated, or with bytes left over.</exception>
    public static SeededLweList Parse(ReadOnlySpan<byte> bytes) => throw new NotImplementedException();

    /// <summary>The list as bytes.</summary>
    public byte[] ToBytes() => throw new NotImplementedException();

    /// <summary>Expands the masks and rounds to 32-bit words.</summary>
    public LweBatch Expand(ParameterSet parameters) => throw new NotImplementedException();
}
