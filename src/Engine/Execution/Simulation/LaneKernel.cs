using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution.Simulation;

/// <summary>
/// y += M·x for a block of samples at once. An element is a row of lanes, one a sample, so a weight is broadcast and dense and sparse rows
/// run alike: no gather, no padding, and a row's sums stay in registers. Integers wrap, so only what comes out needs to fit.
/// </summary>
internal static class LaneKernel
{
    /// <summary>Adds the product.</summary>
    /// <param name="matrix">The matrix's structure.</param>
    /// <param name="weights">Its weights as <typeparamref name="T"/>, in the order of <c>matrix.Weight</c>.</param>
    /// <param name="source"><c>matrix.Columns</c> rows of <paramref name="lanes"/>.</param>
    /// <param name="target"><c>matrix.Rows</c> rows of <paramref name="lanes"/>.</param>
    /// <param name="lanes">A multiple of <c>Vector256&lt;T&gt;.Count</c>.</param>
    public static void MultiplyAdd<T>(SparseMatrix matrix, ReadOnlySpan<T> weights, ReadOnlySpan<T> source, Span<T> target, int lanes)
        where T : unmanaged, INumber<T>
    {
        if (weights.Length != matrix.NonZeros || source.Length != (long)matrix.Columns * lanes || target.Length != (long)matrix.Rows * lanes || lanes % Vector256<T>.Count != 0)
        {
            throw new ArgumentException("The block does not fit the matrix.", nameof(source));
        }

        int width = Vector256<T>.Count, lane = 0;
        for (; lane + (4 * width) <= lanes; lane += 4 * width)
        {
            FourVectors(matrix, weights, ref MemoryMarshal.GetReference(source), ref MemoryMarshal.GetReference(target), lanes, lane);
        }

        for (; lane < lanes; lane += width)
        {
            OneVector(matrix, weights, ref MemoryMarshal.GetReference(source), ref MemoryMarshal.GetReference(target), lanes, lane);
        }
    }

    // Columns and row starts were checked when the matrix was made, and the spans' lengths above: the references stay inside.
    private static void FourVectors<T>(SparseMatrix matrix, ReadOnlySpan<T> weights, ref T source, ref T target, int lanes, int lane)
        where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<int> columns = matrix.Column, starts = matrix.RowStart;
        nuint width = (nuint)Vector256<T>.Count;
        for (int r = 0; r < matrix.Rows; r++)
        {
            nuint to = (nuint)(((nint)r * lanes) + lane);
            Vector256<T> a = Vector256.LoadUnsafe(ref target, to), b = Vector256.LoadUnsafe(ref target, to + width);
            Vector256<T> c = Vector256.LoadUnsafe(ref target, to + (2 * width)), d = Vector256.LoadUnsafe(ref target, to + (3 * width));
            for (int e = starts[r]; e < starts[r + 1]; e++)
            {
                nuint from = (nuint)(((nint)columns[e] * lanes) + lane);
                Vector256<T> weight = Vector256.Create(weights[e]);
                a += weight * Vector256.LoadUnsafe(ref source, from);
                b += weight * Vector256.LoadUnsafe(ref source, from + width);
                c += weight * Vector256.LoadUnsafe(ref source, from + (2 * width));
                d += weight * Vector256.LoadUnsafe(ref source, from + (3 * width));
            }

            a.StoreUnsafe(ref target, to);
            b.StoreUnsafe(ref target, to + width);
            c.StoreUnsafe(ref target, to + (2 * width));
            d.StoreUnsafe(ref target, to + (3 * width));
        }
    }

    private static void OneVector<T>(SparseMatrix matrix, ReadOnlySpan<T> weights, ref T source, ref T target, int lanes, int lane)
        where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<int> columns = matrix.Column, starts = matrix.RowStart;
        for (int r = 0; r < matrix.Rows; r++)
        {
            nuint to = (nuint)(((nint)r * lanes) + lane);
            Vector256<T> sum = Vector256.LoadUnsafe(ref target, to);
            for (int e = starts[r]; e < starts[r + 1]; e++)
            {
                sum += Vector256.Create(weights[e]) * Vector256.LoadUnsafe(ref source, (nuint)(((nint)columns[e] * lanes) + lane));
            }

            sum.StoreUnsafe(ref target, to);
        }
    }
}
