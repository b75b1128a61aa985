using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// Y += M·X modulo 2^32 for a sparse integer matrix M and a dense matrix X of 32-bit words, a ciphertext a row. Columns are taken in
/// tiles: all inputs' words of a tile are packed, so that they lie together and aligned whatever the ciphertext's length is, and
/// 64 sums of a row stay in registers over its entries. Dense rows are taken in chunks of inputs that fit the first-level cache, one chunk for all rows before
/// the next; sparse ones whole, for theirs are near each other in a convolution.
/// </summary>
internal static unsafe class LinearKernel
{
    /// <summary>The columns whose sums are in registers.</summary>
    private const int Width = 64;

    /// <summary>Inputs of a chunk: 24 kB.</summary>
    private const int Chunk = 96;

    /// <summary>Entries that a row must have in a chunk, on average, for chunks to pay.</summary>
    private const int ChunkEntries = 24;

    /// <summary>Below so many entries a row, writing results is what takes time: then in longer pieces.</summary>
    private const int FewEntries = 16;
    private const int LongTile = 1024;

    /// <summary>Adds the product.</summary>
    /// <param name="matrix">M.</param>
    /// <param name="source">X: as many rows as M has columns, of <paramref name="row"/> words.</param>
    /// <param name="target">Y: as many rows as M has, likewise.</param>
    /// <param name="row">The words of a ciphertext.</param>
    /// <param name="threads">The threads that share the tiles, at least 1; this one is among them.</param>
    public static void AddProduct(SparseMatrix matrix, ReadOnlySpan<uint> source, Span<uint> target, int row, int threads)
    {
        int whole = row / Width * Width;
        int tile = matrix.NonZeros < (long)FewEntries * matrix.Rows ? LongTile : Width;
        tile = Math.Min(tile, (((whole / threads) - 1) / Width * Width) + Width);
        bool chunks = (long)matrix.NonZeros * Chunk >= (long)ChunkEntries * matrix.Columns * matrix.Rows;
        fixed (uint* pinnedSource = source, pinnedTarget = target)
        {
            uint* from = pinnedSource;
            uint* to = pinnedTarget;
            if (threads == 1)
            {
                using var scratch = new NativeBuffer((long)matrix.Columns * tile * sizeof(uint));
                for (int first = 0; first < whole; first += tile)
                {
                    Tile(matrix, from + first, to + first, row, Math.Min(tile, whole - first), chunks, scratch.Words32);
                }
            }
            else
            {
                _ = Parallel.For(
                    0,
                    (whole + tile - 1) / tile,
                    new ParallelOptions { MaxDegreeOfParallelism = threads },
                    () => new NativeBuffer((long)matrix.Columns * tile * sizeof(uint)),
                    (index, _, scratch) =>
                    {
                        int first = index * tile;
                        Tile(matrix, from + first, to + first, row, Math.Min(tile, whole - first), chunks, scratch.Words32);
                        return scratch;
                    },
                    scratch => scratch.Dispose());
            }
        }

        for (int column = whole; column < row; column++)
        {
            Column(matrix, source[column..], target[column..], row);
        }
    }

    private static void Tile(SparseMatrix matrix, uint* source, uint* target, int row, int length, bool chunks, uint* packed)
    {
        for (int c = 0; c < matrix.Columns; c++)
        {
            Unsafe.CopyBlockUnaligned(packed + ((nint)c * length), source + ((nint)c * row), (uint)length * sizeof(uint));
        }

        int[] next = chunks ? (int[])matrix.RowStart.Clone() : matrix.RowStart;
        fixed (int* columns = matrix.Column, weights = matrix.Weight)
        {
            for (int limit = chunks ? Chunk : matrix.Columns; ; limit += Chunk)
            {
                for (int r = 0; r < matrix.Rows; r++)
                {
                    uint* sums = target + ((nint)r * row);
                    int end = next[r];
                    for (int part = 0; part < length; part += Width)
                    {
                        end = AddEntries(packed + part, length, columns, weights, next[r], matrix.RowStart[r + 1], limit, sums + part);
                    }

                    if (chunks)
                    {
                        next[r] = end;
                    }
                }

                if (limit >= matrix.Columns)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Adds a row's entries from <paramref name="entry"/> to those of column <paramref name="limit"/> to 64 sums; returns the first entry left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int AddEntries(uint* packed, nint stride, int* columns, int* weights, int entry, int end, int limit, uint* sums)
    {
        Vector256<uint> s0 = Vector256.Load(sums), s1 = Vector256.Load(sums + 8), s2 = Vector256.Load(sums + 16), s3 = Vector256.Load(sums + 24);
        Vector256<uint> s4 = Vector256.Load(sums + 32), s5 = Vector256.Load(sums + 40), s6 = Vector256.Load(sums + 48), s7 = Vector256.Load(sums + 56);
        for (; entry < end && columns[entry] < limit; entry++)
        {
            Vector256<uint> w = Vector256.Create((uint)weights[entry]);
            uint* x = packed + (columns[entry] * stride);
            s0 += w * Vector256.Load(x);
            s1 += w * Vector256.Load(x + 8);
            s2 += w * Vector256.Load(x + 16);
            s3 += w * Vector256.Load(x + 24);
            s4 += w * Vector256.Load(x + 32);
            s5 += w * Vector256.Load(x + 40);
            s6 += w * Vector256.Load(x + 48);
            s7 += w * Vector256.Load(x + 56);
        }

        s0.Store(sums);
        s1.Store(sums + 8);
        s2.Store(sums + 16);
        s3.Store(sums + 24);
        s4.Store(sums + 32);
        s5.Store(sums + 40);
        s6.Store(sums + 48);
        s7.Store(sums + 56);
        return entry;
    }

    /// <summary>The few columns behind the last whole tile.</summary>
    private static void Column(SparseMatrix matrix, ReadOnlySpan<uint> source, Span<uint> target, int row)
    {
        for (int r = 0; r < matrix.Rows; r++)
        {
            uint sum = 0;
            for (int e = matrix.RowStart[r]; e < matrix.RowStart[r + 1]; e++)
            {
                sum += (uint)matrix.Weight[e] * source[matrix.Column[e] * row];
            }

            target[r * row] += sum;
        }
    }
}
