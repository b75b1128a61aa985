using System.Runtime.InteropServices;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tfhe.Ciphertexts;

/// <summary>
/// Ciphertexts that travel between layers, silos and the client: <see cref="Count"/> rows of kN mask words and one body, as
/// little-endian 32-bit torus words (the noise after a bootstrap is far above 2^-32). The bytes are the wire form.
/// </summary>
public sealed class LweBatch
{
    /// <summary>Creates a batch of zeros.</summary>
    public LweBatch(LweDimension dimension, int count)
        : this(dimension, new byte[checked(ByteSize(dimension, count))])
    {
    }

    /// <summary>Wraps bytes, which the batch keeps.</summary>
    /// <exception cref="ArgumentException">The length is not a whole number of ciphertexts.</exception>
    public LweBatch(LweDimension dimension, byte[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        int row = (dimension.Value + 1) * sizeof(uint);
        if (data.Length == 0 || data.Length % row != 0)
        {
            throw new ArgumentException($"{data.Length} bytes are not a whole number of ciphertexts of {row} bytes (dimension {dimension}).", nameof(data));
        }

        Dimension = dimension;
        Data = data;
        Count = data.Length / row;
    }

    /// <summary>The mask length of every ciphertext.</summary>
    public LweDimension Dimension { get; }

    /// <summary>The number of ciphertexts.</summary>
    public int Count { get; }

    /// <summary>All rows, one after the other.</summary>
    public byte[] Data { get; }

    /// <summary>All words, row after row of kN + 1.</summary>
    public Span<uint> Words => MemoryMarshal.Cast<byte, uint>(Data.AsSpan());

    /// <summary>Ciphertext <paramref name="index"/>: kN mask words, then the body.</summary>
    public Span<uint> this[int index] => Words.Slice(index * (Dimension.Value + 1), Dimension.Value + 1);

    /// <summary>The bytes that <paramref name="count"/> ciphertexts take.</summary>
    public static int ByteSize(LweDimension dimension, int count) => checked((dimension.Value + 1) * sizeof(uint) * count);

    /// <summary>A copy of ciphertexts [start, start + count).</summary>
    public LweBatch Slice(int start, int count)
    {
        int row = (Dimension.Value + 1) * sizeof(uint);
        return new LweBatch(Dimension, Data.AsSpan(start * row, count * row).ToArray());
    }

    /// <summary>Copies <paramref name="part"/> to ciphertexts [start, start + part.Count).</summary>
    public void Put(int start, LweBatch part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (part.Dimension != Dimension)
        {
            throw new ArgumentException($"Ciphertexts of dimension {part.Dimension} do not go into a batch of dimension {Dimension}.", nameof(part));
        }

        int row = (Dimension.Value + 1) * sizeof(uint);
        part.Data.CopyTo(Data.AsSpan(start * row));
    }
}
