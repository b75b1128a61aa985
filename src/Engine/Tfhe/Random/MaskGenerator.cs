using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BlindGrain.Engine.Tfhe.Random;

/// <summary>What a mask belongs to; part of the counter block, so that no two objects share a mask.</summary>
internal enum MaskDomain : byte
{
    LweList = 1,
    KeyswitchKey = 2,
    BootstrapKey = 3,
}

/// <summary>
/// Expands a public 16-byte seed to uniform torus words: AES-128 in counter mode, randomly addressable by row. The counter
/// block holds, little-endian: bytes 0-3 the block in the row, 4-7 the row, 8-13 the object, 14 the domain, 15 the format
/// version. Block t of a row gives its 64-bit words 2t and 2t+1 or its 32-bit words 4t to 4t+3. Not thread-safe.
/// </summary>
internal sealed class MaskGenerator : IDisposable
{
    /// <summary>The length of a seed in bytes.</summary>
    public const int SeedSize = 16;

    /// <summary>Written into every counter block and every file that holds seeds.</summary>
    public const byte FormatVersion = 1;

    private const int BlocksAtOnce = 512;
    private readonly Aes _aes;
    private readonly byte[] _counters = new byte[BlocksAtOnce * 16];
    private readonly byte[] _stream = new byte[BlocksAtOnce * 16];

    public MaskGenerator(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != SeedSize)
        {
            throw new ArgumentException($"A mask seed has {SeedSize} bytes, not {seed.Length}.", nameof(seed));
        }

        _aes = Aes.Create();
        _aes.Key = seed.ToArray();
    }

    /// <summary>A fresh seed from the operating system.</summary>
    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(SeedSize);

    /// <summary>Fills <paramref name="words"/> with one row's 64-bit words.</summary>
    public void Fill(MaskDomain domain, long objectIndex, int row, Span<ulong> words) =>
        FillBytes(domain, objectIndex, row, MemoryMarshal.AsBytes(words));

    /// <summary>Fills <paramref name="words"/> with one row's 32-bit words.</summary>
    public void Fill(MaskDomain domain, long objectIndex, int row, Span<uint> words) =>
        FillBytes(domain, objectIndex, row, MemoryMarshal.AsBytes(words));

    public void Dispose() => _aes.Dispose();

    private void FillBytes(MaskDomain domain, long objectIndex, int row, Span<byte> target)
    {
        Span<byte> counter = stackalloc byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(counter[4..], row);
        BinaryPrimitives.WriteInt64LittleEndian(counter[8..], objectIndex);
        counter[14] = (byte)domain;
        counter[15] = FormatVersion;
        int block = 0;
        while (target.Length > 0)
        {
            int blocks = Math.Min(BlocksAtOnce, (target.Length + 15) / 16);
            for (int i = 0; i < blocks; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(counter, block + i);
                counter.CopyTo(_counters.AsSpan(16 * i));
            }

            _ = _aes.EncryptEcb(_counters.AsSpan(0, 16 * blocks), _stream, PaddingMode.None);
            int bytes = Math.Min(target.Length, 16 * blocks);
            _stream.AsSpan(0, bytes).CopyTo(target);
            target = target[bytes..];
            block += blocks;
        }
    }
}
