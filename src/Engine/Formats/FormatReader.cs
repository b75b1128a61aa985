using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BlindGrain.Engine.Formats;

/// <summary>Reads what <see cref="FormatWriter"/> writes, from untrusted input: every fault is a <see cref="FormatException"/> that says what.</summary>
internal sealed class FormatReader : IDisposable
{
    /// <summary>The bytes of the checksum at the end.</summary>
    public const int ChecksumSize = 32;

    /// <summary>The bytes of magic and version at the start.</summary>
    public const int PrefixSize = 6;

    private readonly Stream _stream;
    private readonly string _what;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Reads and checks magic and version.</summary>
    /// <param name="stream">Need not seek.</param>
    /// <param name="magic">Four ASCII letters.</param>
    /// <param name="newest">The newest version understood; older ones down to 1 are, too.</param>
    /// <param name="what">What the file is, for messages: "an evaluation key".</param>
    public FormatReader(Stream stream, string magic, ushort newest, string what)
    {
        _stream = stream;
        _what = what;
        Span<byte> head = stackalloc byte[PrefixSize];
        int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (read < 4 || !head[..4].SequenceEqual(Encoding.ASCII.GetBytes(magic)))
        {
            throw new FormatException($"This is not {what}: it does not begin with '{magic}'.");
        }

        if (read < head.Length)
        {
            throw Truncated();
        }

        ushort found = BinaryPrimitives.ReadUInt16LittleEndian(head[4..]);
        if (found < 1 || found > newest)
        {
            throw new FormatException($"This is {what} of format version {found}; this build reads version {(newest == 1 ? "1" : $"1 to {newest}")}.");
        }

        Version = found;

        _hash.AppendData(head);
    }

    /// <summary>The file's version.</summary>
    public ushort Version { get; }

    public void ReadBytes(Span<byte> target)
    {
        if (_stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
        {
            throw Truncated();
        }

        _hash.AppendData(target);
    }

    public int ReadInt32()
    {
        Span<byte> b = stackalloc byte[4];
        ReadBytes(b);
        return BinaryPrimitives.ReadInt32LittleEndian(b);
    }

    public double ReadDouble()
    {
        Span<byte> b = stackalloc byte[8];
        ReadBytes(b);
        return BinaryPrimitives.ReadDoubleLittleEndian(b);
    }

    /// <summary>Checks the checksum and that nothing follows it.</summary>
    public void Finish()
    {
        Span<byte> expected = stackalloc byte[ChecksumSize];
        if (_stream.ReadAtLeast(expected, expected.Length, throwOnEndOfStream: false) < expected.Length)
        {
            throw Truncated();
        }

        if (!expected.SequenceEqual(_hash.GetHashAndReset()))
        {
            throw new FormatException($"This is {_what} that was damaged: its checksum does not fit its content.");
        }

        Span<byte> more = stackalloc byte[1];
        if (_stream.Read(more) != 0)
        {
            throw new FormatException($"This is {_what} with bytes left over behind its end.");
        }
    }

    public void Dispose() => _hash.Dispose();

    private FormatException Truncated() => new($"This is {_what} that was cut short.");
}
