using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BlindGrain.Engine.Formats;

/// <summary>Writes a versioned file: four ASCII letters, a version, fields in little-endian order, and the SHA-256 of all that.</summary>
internal sealed class FormatWriter : IDisposable
{
    private readonly Stream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public FormatWriter(Stream stream, string magic, ushort version)
    {
        _stream = stream;
        WriteBytes(Encoding.ASCII.GetBytes(magic));
        Span<byte> v = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(v, version);
        WriteBytes(v);
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        _stream.Write(bytes);
    }

    public void WriteInt32(int value)
    {
        Span<byte> b = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(b, value);
        WriteBytes(b);
    }

    public void WriteDouble(double value)
    {
        Span<byte> b = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(b, value);
        WriteBytes(b);
    }

    /// <summary>Writes the checksum; nothing may be written after it.</summary>
    public void Finish()
    {
        _stream.Write(_hash.GetHashAndReset());
        _stream.Flush();
    }

    public void Dispose() => _hash.Dispose();
}
