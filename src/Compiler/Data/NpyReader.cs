using System.Buffers.Binary;

namespace BlindGrain.Compiler.Data;

/// <summary>Reads NumPy's .npy format: arrays of floats, integers or booleans, row-major.</summary>
public static class NpyReader
{
    private const int PieceBytes = 1 << 16;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">Not such a file, of an unsupported type, truncated, with bytes left over, or with a value that is not finite.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NpyArray Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Read(file, path);
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream; it need not seek.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="InvalidDataException">As <see cref="Read(string)"/>.</exception>
    public static NpyArray Read(Stream stream, string source)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            var header = NpyHeader.Read(stream, source);
            float[] data = Elements(stream, header, source);
            return stream.ReadByte() < 0
                ? new NpyArray(header.Shape, data, header.ElementType[0] != 'f')
                : throw new InvalidDataException($"{source} has bytes left over behind its {data.Length} elements.");
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"{source} was cut short.", e);
        }
    }

    private static float[] Elements(Stream stream, NpyHeader header, string source)
    {
        Func<ReadOnlySpan<byte>, float> element = ElementOf(header, source);
        int size = header.ElementType[1] - '0';
        var piece = new byte[PieceBytes];

        // Grows as the bytes arrive, so that a small file that claims to be large costs little.
        var data = new List<float>(Math.Min(header.Count, PieceBytes));
        while (data.Count < header.Count)
        {
            Span<byte> part = piece.AsSpan(0, (int)Math.Min(PieceBytes, (long)(header.Count - data.Count) * size));
            stream.ReadExactly(part);
            for (int at = 0; at < part.Length; at += size)
            {
                Span<byte> bytes = part.Slice(at, size);
                if (header.BigEndian)
                {
                    bytes.Reverse();
                }

                float value = element(bytes);
                data.Add(float.IsFinite(value) ? value : throw new InvalidDataException($"{source}: element {data.Count} is not a finite number."));
            }
        }

        return [.. data];
    }

    /// <summary>Reads one element of little-endian bytes.</summary>
    private static Func<ReadOnlySpan<byte>, float> ElementOf(NpyHeader header, string source) => header.ElementType switch
    {
        "f4" => BinaryPrimitives.ReadSingleLittleEndian,
        "f8" => b => (float)BinaryPrimitives.ReadDoubleLittleEndian(b),
        "f2" => b => (float)BinaryPrimitives.ReadHalfLittleEndian(b),
        "u1" or "b1" => b => b[0],
        "i1" => b => (sbyte)b[0],
        "u2" => b => BinaryPrimitives.ReadUInt16LittleEndian(b),
        "i2" => b => BinaryPrimitives.ReadInt16LittleEndian(b),
        "u4" => b => BinaryPrimitives.ReadUInt32LittleEndian(b),
        "i4" => b => BinaryPrimitives.ReadInt32LittleEndian(b),
        "u8" => b => BinaryPrimitives.ReadUInt64LittleEndian(b),
        "i8" => b => BinaryPrimitives.ReadInt64LittleEndian(b),
        _ => throw new InvalidDataException($"{source} holds elements of type '{header.ElementType}'; floats (f2, f4, f8), integers (i1 to i8, u1 to u8) and booleans are read. Save array.astype('float32')."),
    };
}
