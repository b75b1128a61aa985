using System.Text;

namespace BlindGrain.Engine.Circuits;

/// <summary>Reads a circuit's fields from untrusted bytes: lengths are bounded, and arrays grow only as bytes arrive.</summary>
internal sealed class CircuitReader(BinaryReader reader)
{
    /// <summary>The most steps of a circuit, and the most terms of a step.</summary>
    public const int MaxSteps = 1 << 12;

    /// <summary>The most entries of one array.</summary>
    public const int MaxElements = 1 << 26;

    private const int Piece = 1 << 14;

    public byte ReadByte() => reader.ReadByte();

    public int ReadInt32() => reader.ReadInt32();

    public long ReadInt64() => reader.ReadInt64();

    public float ReadFloat()
    {
        float value = reader.ReadSingle();
        return float.IsFinite(value) ? value : throw new FormatException("The circuit holds a float that is not finite.");
    }

    public int ReadCount(int max, string what)
    {
        int count = reader.ReadInt32();
        return count >= 0 && count <= max ? count : throw new FormatException($"The circuit claims {count} {what}; at most {max} are allowed.");
    }

    public string ReadString()
    {
        ushort length = reader.ReadUInt16();
        byte[] bytes = reader.ReadBytes(length);
        return bytes.Length == length ? Encoding.UTF8.GetString(bytes) : throw new EndOfStreamException();
    }

    public int[] ReadInts() => ReadArray(reader.ReadInt32);

    public long[] ReadLongs() => ReadArray(reader.ReadInt64);

    public float[] ReadFloats() => ReadArray(ReadFloat);

    private T[] ReadArray<T>(Func<T> read)
    {
        int length = ReadCount(MaxElements, "array entries");
        var values = new List<T>(Math.Min(length, Piece));
        for (int i = 0; i < length; i++)
        {
            values.Add(read());
        }

        return [.. values];
    }
}
