using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// Key switch of a batch from dimension kN to n with a 32-bit key: out −= Σ_ij d_j(a_i)·KSK_ij. The batch is a small matrix of
/// digits times the key, computed in tiles of rows and columns so that the key streams from memory once a batch. The known
/// half of the digits' rounding error is taken off the body (eprint 2025/809).
/// </summary>
internal static unsafe class KeyswitchKernel
{
    private const int TileRows = 128;
    private const int TileColumns = 64;

    /// <summary>Switches <paramref name="count"/> ciphertexts.</summary>
    /// <param name="source">Rows of kN + 1 words.</param>
    /// <param name="count">The number of ciphertexts.</param>
    /// <param name="bigDimension">kN.</param>
    /// <param name="baseLog">β.</param>
    /// <param name="levels">l.</param>
    /// <param name="key">kN·l rows of <paramref name="stride"/> words (n mask words, the body, zeros).</param>
    /// <param name="stride">A multiple of 64.</param>
    /// <param name="digits">Work space of count · kN · l integers.</param>
    /// <param name="smallDimension">n.</param>
    /// <param name="target">Rows of <paramref name="stride"/> words.</param>
    public static void Switch(ReadOnlySpan<uint> source, int count, int bigDimension, int baseLog, int levels, uint* key, int stride, int* digits, int smallDimension, uint* target)
    {
        int rows = bigDimension * levels;
        for (int b = 0; b < count; b++)
        {
            ReadOnlySpan<uint> ciphertext = source.Slice(b * (bigDimension + 1), bigDimension + 1);
            long dropped = Decompose(ciphertext[..bigDimension], baseLog, levels, digits + ((nint)b * rows));
            uint* row = target + ((nint)b * stride);
            new Span<uint>(row, stride).Clear();
            row[smallDimension] = ciphertext[bigDimension] - (uint)(dropped >> 1);
        }

        for (int first = 0; first < rows; first += TileRows)
        {
            int length = Math.Min(TileRows, rows - first);
            for (int column = 0; column < stride; column += TileColumns)
            {
                uint* tile = key + ((nint)first * stride) + column;
                int b = 0;
                for (; b + 1 < count; b += 2)
                {
                    Accumulate2(tile, stride, length, digits + ((nint)b * rows) + first, rows, target + ((nint)b * stride) + column);
                }

                if (b < count)
                {
                    Accumulate1(tile, stride, length, digits + ((nint)b * rows) + first, target + ((nint)b * stride) + column);
                }
            }
        }
    }

    /// <summary>Signed digits of each word, most significant first; returns the sum of what the digits drop.</summary>
    private static long Decompose(ReadOnlySpan<uint> words, int baseLog, int levels, int* digits)
    {
        int bits = baseLog * levels;
        uint offset = 1u << (31 - bits), half = 1u << (baseLog - 1), mask = (1u << baseLog) - 1;
        for (int j = 1; j <= levels; j++)
        {
            offset += half << (32 - (baseLog * j));
        }

        uint kept = ~0u << (32 - bits);
        long dropped = 0;
        for (int i = 0; i < words.Length; i++)
        {
            uint x = words[i], y = x + offset;
            for (int j = 1; j <= levels; j++)
            {
                *digits++ = (int)((y >> (32 - (baseLog * j))) & mask) - (int)half;
            }

            uint rounded = (x + (1u << (31 - bits))) & kept;
            dropped += (int)(x - rounded);
        }

        return dropped;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate2(uint* key, int stride, int rows, int* digits, int digitStride, uint* target)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            uint* second = target + stride;
            Vector512<uint> a0 = Vector512.Load(target), a1 = Vector512.Load(target + 16), a2 = Vector512.Load(target + 32), a3 = Vector512.Load(target + 48);
            Vector512<uint> b0 = Vector512.Load(second), b1 = Vector512.Load(second + 16), b2 = Vector512.Load(second + 32), b3 = Vector512.Load(second + 48);
            for (int r = 0; r < rows; r++, key += stride)
            {
                Vector512<uint> d = Vector512.Create((uint)digits[r]), e = Vector512.Create((uint)digits[digitStride + r]);
                Vector512<uint> k0 = Vector512.Load(key), k1 = Vector512.Load(key + 16), k2 = Vector512.Load(key + 32), k3 = Vector512.Load(key + 48);
                a0 -= d * k0;
                a1 -= d * k1;
                a2 -= d * k2;
                a3 -= d * k3;
                b0 -= e * k0;
                b1 -= e * k1;
                b2 -= e * k2;
                b3 -= e * k3;
            }

            a0.Store(target);
            a1.Store(target + 16);
            a2.Store(target + 32);
            a3.Store(target + 48);
            b0.Store(second);
            b1.Store(second + 16);
            b2.Store(second + 32);
            b3.Store(second + 48);
            return;
        }

        Accumulate1(key, stride, rows, digits, target);
        Accumulate1(key, stride, rows, digits + digitStride, target + stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate1(uint* key, int stride, int rows, int* digits, uint* target)
    {
        // Two halves of 32 columns, so that the sums stay in registers on 256-bit machines.
        for (int half = 0; half < TileColumns; half += 32)
        {
            uint* k = key + half;
            uint* t = target + half;
            Vector256<uint> a0 = Vector256.Load(t), a1 = Vector256.Load(t + 8), a2 = Vector256.Load(t + 16), a3 = Vector256.Load(t + 24);
            for (int r = 0; r < rows; r++, k += stride)
            {
                Vector256<uint> d = Vector256.Create((uint)digits[r]);
                a0 -= d * Vector256.Load(k);
                a1 -= d * Vector256.Load(k + 8);
                a2 -= d * Vector256.Load(k + 16);
                a3 -= d * Vector256.Load(k + 24);
            }

            a0.Store(t);
            a1.Store(t + 8);
            a2.Store(t + 16);
            a3.Store(t + 24);
        }
    }
}
