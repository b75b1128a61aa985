using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BlindGrain.Engine.Tfhe.Random;

/// <summary>
/// Secret randomness for keys and noise: AES-256 in counter mode under a key from the operating system, with independent
/// streams by number so that threads need not share one. The key never leaves this class. Not thread-safe; fork a stream a thread.
/// </summary>
internal sealed class SecretGenerator : IDisposable
{
    private const int BlocksAtOnce = 256;
    private readonly byte[] _key;
    private readonly Aes _aes;
    private readonly byte[] _counters = new byte[BlocksAtOnce * 16];
    private readonly ulong[] _words = new ulong[BlocksAtOnce * 2];
    private long _stream;
    private long _block;
    private int _next;
    private double _spare;
    private bool _hasSpare;

    private SecretGenerator(byte[] key, long stream)
    {
        _key = key;
        _aes = Aes.Create();
        _aes.Key = key;
        MoveTo(stream);
    }

    /// <summary>A generator under a fresh key.</summary>
    public static SecretGenerator Create() => new(RandomNumberGenerator.GetBytes(32), 0);

    /// <summary>A generator under a given key: for tests that must repeat.</summary>
    public static SecretGenerator FromKey(ReadOnlySpan<byte> key) => new(key.ToArray(), 0);

    /// <summary>Another generator under the same key, at the start of another stream.</summary>
    public SecretGenerator Fork(long stream) => new(_key, stream);

    /// <summary>Continues at the start of stream <paramref name="stream"/>.</summary>
    public void MoveTo(long stream)
    {
        _stream = stream;
        _block = 0;
        _next = _words.Length;
        _hasSpare = false;
    }

    /// <summary>A uniform 64-bit word.</summary>
    public ulong NextWord()
    {
        if (_next == _words.Length)
        {
            Refill();
        }

        return _words[_next++];
    }

    /// <summary>Fills <paramref name="bits"/> with uniform 0 and 1.</summary>
    public void FillBits(Span<byte> bits)
    {
        ulong word = 0;
        for (int i = 0; i < bits.Length; i++)
        {
            if ((i & 63) == 0)
            {
                word = NextWord();
            }

            bits[i] = (byte)(word & 1);
            word >>= 1;
        }
    }

    /// <summary>
    /// Fills <paramref name="bits"/> with blocks of <paramref name="length"/> bits: each all zero, or a single 1 at one of its places, with equal probabilities.
    /// </summary>
    public void FillBlocks(Span<byte> bits, int length)
    {
        bits.Clear();
        for (int first = 0; first < bits.Length; first += length)
        {
            int choice = NextBelow(length + 1);
            if (choice < length)
            {
                bits[first + choice] = 1;
            }
        }
    }

    /// <summary>A uniform integer from 0 to <paramref name="bound"/> − 1, without bias: words above the largest multiple of the bound are drawn again.</summary>
    public int NextBelow(int bound)
    {
        ulong range = (ulong)bound, largest = ulong.MaxValue - (ulong.MaxValue % range);
        ulong word;
        do
        {
            word = NextWord();
        }
        while (word >= largest);
        return (int)(word % range);
    }

    /// <summary>A standard normal deviate (Box and Muller 1958); 53-bit uniforms reach 8.5 σ.</summary>
    public double NextGaussian()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }

        double u = ((NextWord() >> 11) + 1) * (1.0 / (1L << 53)); // (0, 1]
        double angle = (NextWord() >> 11) * (2 * Math.PI / (1L << 53));
        double radius = Math.Sqrt(-2 * Math.Log(u));
        (double sin, double cos) = Math.SinCos(angle);
        _spare = radius * sin;
        _hasSpare = true;
        return radius * cos;
    }

    /// <summary>A rounded normal deviate as a 64-bit torus word; <paramref name="std"/> is relative to the torus, below 2^-6.</summary>
    public ulong NextTorusNoise(double std) => (ulong)(long)Math.Round(NextGaussian() * std * 18446744073709551616.0);

    public void Dispose()
    {
        _aes.Dispose();
        Array.Clear(_words);
    }

    private void Refill()
    {
        for (int i = 0; i < BlocksAtOnce; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_counters.AsSpan(16 * i), _block + i);
            BinaryPrimitives.WriteInt64LittleEndian(_counters.AsSpan((16 * i) + 8), _stream);
        }

        _ = _aes.EncryptEcb(_counters, MemoryMarshal.AsBytes(_words.AsSpan()), PaddingMode.None);
        _block += BlocksAtOnce;
        _next = 0;
    }
}
