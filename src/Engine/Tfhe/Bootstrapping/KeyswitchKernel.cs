using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// Key switch of a batch from dimension kN to n with a 32-bit key: out −= Σ_ij d_j(a_i)·KSK_ij. The batch is a small matrix of
/// digits times the key. The key lies in tiles of 32 columns, [tile][row][32 words], so that it is read strictly in order and a
/// tile's sums stay in registers: one ciphertext alone runs at the speed of memory, and a batch goes over each block of rows while
/// that is in the first-level cache and the next block is on its way. The known half of the digits' rounding error is taken off the body (eprint
/// 2025/809).
/// </summary>
internal static unsafe class KeyswitchKernel
{
    /// <summary>The columns of a tile: two cache lines.</summary>
    public const int TileColumns = 32;

    private const int BlockRows = 64;

    /// <summary>The words of a switched ciphertext: n + 1 rounded up to whole tiles.</summary>
    public static int Stride(int smallDimension) => (smallDimension + TileColumns) / TileColumns * TileColumns;

    /// <summary>Puts one row of the key (n + 1 words) in its places.</summary>
    /// <param name="row">The words.</param>
    /// <param name="index">The row's number, i·l + (j − 1).</param>
    /// <param name="rows">kN·l.</param>
    /// <param name="key">Zeroed room for rows · stride words.</param>
    public static void PutRow(ReadOnlySpan<uint> row, int index, int rows, uint* key)
    {
        for (int column = 0; column < row.Length; column += TileColumns)
        {
            ReadOnlySpan<uint> piece = row.Slice(column, Math.Min(TileColumns, row.Length - column));
            piece.CopyTo(new Span<uint>(key + ((nint)column * rows) + ((nint)index * TileColumns), TileColumns));
        }
    }

    /// <summary>Switches <paramref name="count"/> ciphertexts.</summary>
    /// <param name="source">Rows of kN + 1 words.</param>
    /// <param name="count">The number of ciphertexts.</param>
    /// <param name="bigDimension">kN.</param>
    /// <param name="baseLog">β.</param>
    /// <param name="levels">l.</param>
    /// <param name="key">kN·l rows, put by <see cref="PutRow"/>.</param>
    /// <param name="stride"><see cref="Stride"/> of n.</param>
    /// <param name="digits">Work space of count · kN · l integers.</param>
    /// <param name="smallDimension">n.</param>
    /// <param name="target">Rows of <paramref name="stride"/> words.</param>
    public static void Switch(ReadOnlySpan<uint> source, int count, int bigDimension, int baseLog, int levels, uint* key, int stride, int* digits, int smallDimension, uint* target)
    {
        int rows = bigDimension * levels;
        for (int b = 0; b < count; b++)
        {
            ReadOnlySpan<uint> ciphertext = source.Slice(b * (bigDimension + 1), bigDimension + 1);
            Begin(ciphertext, baseLog, levels, digits + ((nint)b * rows), stride, smallDimension, target + ((nint)b * stride));
        }

        for (int column = 0; column < stride; column += TileColumns)
        {
            uint* tile = key + ((nint)column * rows);
            if (count == 1)
            {
                Accumulate1(tile, rows, digits, target + column);
                continue;
            }

            for (int first = 0; first < rows; first += BlockRows)
            {
                Block(tile + ((nint)first * TileColumns), Math.Min(BlockRows, rows - first), count, digits + first, rows, target + column, stride);
            }
        }
    }

    /// <summary>Writes one ciphertext's digits and what its sums start from: zeros, and the body with its correction.</summary>
    /// <param name="ciphertext">kN + 1 words.</param>
    /// <param name="baseLog">β.</param>
    /// <param name="levels">l.</param>
    /// <param name="digits">Room for kN · l integers.</param>
    /// <param name="stride"><see cref="Stride"/> of n.</param>
    /// <param name="smallDimension">n.</param>
    /// <param name="target"><paramref name="stride"/> words.</param>
    public static void Begin(ReadOnlySpan<uint> ciphertext, int baseLog, int levels, int* digits, int stride, int smallDimension, uint* target)
    {
        long dropped = Decompose(ciphertext[..^1], baseLog, levels, digits);
        new Span<uint>(target, stride).Clear();
        target[smallDimension] = ciphertext[^1] - (uint)(dropped >> 1);
    }

    /// <summary>Takes some rows of one tile off one ciphertext's 32 sums.</summary>
    /// <param name="tile">The first of the rows, each 32 words.</param>
    /// <param name="rows">How many.</param>
    /// <param name="digits">A digit a row.</param>
    /// <param name="target">The tile's sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate1(uint* tile, int rows, int* digits, uint* target)
    {
        // 256-bit vectors on every machine: this runs at the speed of memory.
        Vector256<uint> a0 = Vector256.Load(target), a1 = Vector256.Load(target + 8), a2 = Vector256.Load(target + 16), a3 = Vector256.Load(target + 24);
        for (int r = 0; r < rows; r++, tile += TileColumns)
        {
            Vector256<uint> d = Vector256.Create((uint)digits[r]);
            a0 -= d * Vector256.Load(tile);
            a1 -= d * Vector256.Load(tile + 8);
            a2 -= d * Vector256.Load(tile + 16);
            a3 -= d * Vector256.Load(tile + 24);
        }

        a0.Store(target);
        a1.Store(target + 8);
        a2.Store(target + 16);
        a3.Store(target + 24);
    }

    /// <summary>One block of rows for the whole batch; each group of ciphertexts prefetches its share of the block behind.</summary>
    private static void Block(uint* block, int rows, int count, int* digits, int digitStride, uint* target, int stride)
    {
        int group = Vector512.IsHardwareAccelerated ? 4 : 2;
        int groups = (count + group - 1) / group;
        nint step = TileColumns * sizeof(uint) / groups;
        byte* prefetch = (byte*)(block + (rows * TileColumns));
        int b = 0;
        for (; Vector512.IsHardwareAccelerated && b + 4 <= count; b += 4, prefetch += rows * step)
        {
            Accumulate4(block, rows, digits + ((nint)b * digitStride), digitStride, target + ((nint)b * stride), stride, prefetch, step);
        }

        for (; b + 2 <= count; b += 2, prefetch += rows * step)
        {
            Accumulate2(block, rows, digits + ((nint)b * digitStride), digitStride, target + ((nint)b * stride), stride, prefetch, step);
        }

        if (b < count)
        {
            Accumulate1(block, rows, digits + ((nint)b * digitStride), target + ((nint)b * stride));
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

    /// <summary>Two ciphertexts: eight sums of eight lanes, and each key word is loaded once for both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate2(uint* tile, int rows, int* digits, int digitStride, uint* target, int stride, byte* prefetch, nint prefetchStep)
    {
        int* second = digits + digitStride;
        uint* target1 = target + stride;
        Vector256<uint> a0 = Vector256.Load(target), a1 = Vector256.Load(target + 8), a2 = Vector256.Load(target + 16), a3 = Vector256.Load(target + 24);
        Vector256<uint> b0 = Vector256.Load(target1), b1 = Vector256.Load(target1 + 8), b2 = Vector256.Load(target1 + 16), b3 = Vector256.Load(target1 + 24);
        for (int r = 0; r < rows; r++, tile += TileColumns, prefetch += prefetchStep)
        {
            Prefetch(prefetch);
            Vector256<uint> d = Vector256.Create((uint)digits[r]), e = Vector256.Create((uint)second[r]);
            Vector256<uint> k = Vector256.Load(tile);
            a0 -= d * k;
            b0 -= e * k;
            k = Vector256.Load(tile + 8);
            a1 -= d * k;
            b1 -= e * k;
            k = Vector256.Load(tile + 16);
            a2 -= d * k;
            b2 -= e * k;
            k = Vector256.Load(tile + 24);
            a3 -= d * k;
            b3 -= e * k;
        }

        a0.Store(target);
        a1.Store(target + 8);
        a2.Store(target + 16);
        a3.Store(target + 24);
        b0.Store(target1);
        b1.Store(target1 + 8);
        b2.Store(target1 + 16);
        b3.Store(target1 + 24);
    }

    /// <summary>Four ciphertexts: eight sums of sixteen lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate4(uint* tile, int rows, int* digits, int digitStride, uint* target, int stride, byte* prefetch, nint prefetchStep)
    {
        int* digits1 = digits + digitStride;
        int* digits2 = digits1 + digitStride;
        int* digits3 = digits2 + digitStride;
        uint* target1 = target + stride;
        uint* target2 = target1 + stride;
        uint* target3 = target2 + stride;
        Vector512<uint> a0 = Vector512.Load(target), a1 = Vector512.Load(target + 16);
        Vector512<uint> b0 = Vector512.Load(target1), b1 = Vector512.Load(target1 + 16);
        Vector512<uint> c0 = Vector512.Load(target2), c1 = Vector512.Load(target2 + 16);
        Vector512<uint> d0 = Vector512.Load(target3), d1 = Vector512.Load(target3 + 16);
        for (int r = 0; r < rows; r++, tile += TileColumns, prefetch += prefetchStep)
        {
            Prefetch(prefetch);
            Vector512<uint> k0 = Vector512.Load(tile), k1 = Vector512.Load(tile + 16);
            Vector512<uint> a = Vector512.Create((uint)digits[r]), b = Vector512.Create((uint)digits1[r]);
            Vector512<uint> c = Vector512.Create((uint)digits2[r]), d = Vector512.Create((uint)digits3[r]);
            a0 -= a * k0;
            a1 -= a * k1;
            b0 -= b * k0;
            b1 -= b * k1;
            c0 -= c * k0;
            c1 -= c * k1;
            d0 -= d * k0;
            d1 -= d * k1;
        }

        a0.Store(target);
        a1.Store(target + 16);
        b0.Store(target1);
        b1.Store(target1 + 16);
        c0.Store(target2);
        c1.Store(target2 + 16);
        d0.Store(target3);
        d1.Store(target3 + 16);
    }

    /// <summary>Asks for both lines from this address on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
            Sse.Prefetch0(address + 64);
        }
    }
}
