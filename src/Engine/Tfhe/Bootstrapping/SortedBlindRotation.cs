using System.Numerics;
using System.Runtime.Intrinsics;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// Blind rotation of a table of N' = ηN entries, η = 2^ν, with keys of degree N (extended bootstrapping, eprint 2023/402): the
/// table is V = Σ_r X^r·U_r(X^η), held as η accumulators, and multiplying by X^a, a = αη + ρ, moves them round:
/// (X^a·V)_r = Y^(α + [r &lt; ρ])·U_((r − ρ) mod η). Only U_0 is wanted. Steps commute, so mask elements are taken by rising 2-adic
/// valuation (the sorted mask of eprint 2025/2214): once all that are left are multiples of 2^v, only accumulators that are multiples of 2^v
/// matter, and the last element of a stage need only yield what the next stage reads. On average n·(2^(ν+1) + 2^−ν)/3 steps
/// (<see cref="Parameters.RotationPlan.StepsPerElement"/>).
/// The order depends on the public mask alone. Not thread-safe: an instance is one thread's work space.
/// </summary>
internal sealed unsafe class SortedBlindRotation : IDisposable
{
    private readonly FourierBootstrapKey _key;
    private readonly int _maxLog2Extension;
    private readonly NativeBuffer _memory;
    private readonly ulong*[] _current;
    private readonly ulong*[] _next;
    private readonly int[] _order;

    /// <summary>Makes the work space.</summary>
    /// <param name="key">The bootstrapping key, of degree N.</param>
    /// <param name="maxLog2Extension">ν: tables have at most 2^ν·N entries.</param>
    public SortedBlindRotation(FourierBootstrapKey key, int maxLog2Extension)
    {
        _key = key;
        _maxLog2Extension = maxLog2Extension;
        int extension = 1 << maxLog2Extension, words = key.Shape.AccumulatorWords;
        _memory = new NativeBuffer(2L * extension * words * sizeof(ulong));
        _current = new ulong*[extension];
        _next = new ulong*[extension];
        for (int r = 0; r < extension; r++)
        {
            _current[r] = _memory.Words64 + (2L * r * words);
            _next[r] = _current[r] + words;
        }

        _order = new int[key.Dimension];
    }

    /// <summary>How many CMUX steps were made so far: the figure that the mean above predicts.</summary>
    public long Steps { get; private set; }

    /// <summary>Rotates one table.</summary>
    /// <param name="table">N' = 2^ν'·N torus words, ν' ≤ ν.</param>
    /// <param name="exponents">n mask exponents and the body's, each in [0, 2N').</param>
    /// <param name="work">Work space of one step.</param>
    /// <param name="path">The instruction set.</param>
    /// <returns>The accumulator whose constant coefficient is that of X^(Σ ā_i·s_i − b̄)·V; valid until the next call.</returns>
    public ulong* Run(ReadOnlySpan<ulong> table, ReadOnlySpan<int> exponents, double* work, SimdPath path)
    {
        int log2Extension = BitOperations.Log2((uint)(table.Length / _key.Shape.Size));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(log2Extension, _maxLog2Extension, nameof(table));
        Initialize(table, exponents[^1], log2Extension);
        int count = Sort(exponents, log2Extension);
        switch (path)
        {
            case SimdPath.Avx512:
                Run<Avx512Simd, Vector512<double>>(exponents, count, log2Extension, work);
                break;
            case SimdPath.Avx2:
                Run<Avx2Simd, Vector256<double>>(exponents, count, log2Extension, work);
                break;
            default:
                Run<PortableSimd, Vector128<double>>(exponents, count, log2Extension, work);
                break;
        }

        return _current[0];
    }

    public void Dispose() => _memory.Dispose();

    private void Initialize(ReadOnlySpan<ulong> table, int bodyExponent, int log2Extension)
    {
        CmuxShape shape = _key.Shape;
        for (int r = 0; r < 1 << log2Extension; r++)
        {
            new Span<ulong>(_current[r], shape.AccumulatorWords).Clear();
            ulong* body = _current[r] + ((nint)(shape.Columns - 1) * shape.Stride);
            for (int t = 0; t < shape.Size; t++)
            {
                body[t] = BlindRotation.Rotated(table, bodyExponent, (t << log2Extension) + r);
            }
        }
    }

    /// <summary>The elements that are not zero, by class, each class in its order; returns their number.</summary>
    private int Sort(ReadOnlySpan<int> exponents, int log2Extension)
    {
        int count = 0;
        for (int wanted = 0; wanted <= log2Extension; wanted++)
        {
            for (int i = 0; i < _key.Dimension; i++)
            {
                if (exponents[i] != 0 && ClassOf(exponents[i], log2Extension) == wanted)
                {
                    _order[count++] = i;
                }
            }
        }

        return count;
    }

    private static int ClassOf(int exponent, int log2Extension) => Math.Min(log2Extension, BitOperations.TrailingZeroCount(exponent));

    private void Run<S, TVector>(ReadOnlySpan<int> exponents, int count, int log2Extension, double* work)
        where S : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        CmuxShape shape = _key.Shape;
        int extension = 1 << log2Extension;
        var spread = KeySpread.Of<S, TVector>(shape, shape.GgswBytes);
        for (int position = 0; position < count; position++)
        {
            int element = _order[position];
            int alpha = exponents[element] >> log2Extension, rho = exponents[element] & (extension - 1);
            bool last = position + 1 == count;
            int step = 1 << (last ? log2Extension : ClassOf(exponents[_order[position + 1]], log2Extension));
            double* ggsw = _key[element];

            // The first sub-step prefetches the whole next key; the others find theirs in the cache.
            byte* prefetch = last ? null : (byte*)_key[_order[position + 1]];
            for (int r = 0; r < extension; r += step)
            {
                int rotation = alpha + (r < rho ? 1 : 0);
                ulong* source = _current[(r - rho) & (extension - 1)];
                CmuxKernel<S, TVector>.Step(source, rotation, _current[r], _next[r], ggsw, new StepPrefetch(prefetch, spread), shape, work);
                prefetch = null;
                Steps++;
            }

            for (int r = 0; r < extension; r += step)
            {
                ulong* before = _current[r];
                _current[r] = _next[r];
                _next[r] = before;
            }
        }
    }
}
