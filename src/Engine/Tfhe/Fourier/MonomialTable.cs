using System.Collections.Concurrent;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>
/// The transform of monomials, for rotations in the Fourier domain. Output j of the transform is P(ζ^c_j) for ζ = exp(iπ/N) and an odd c_j,
/// so X^a is exp(iπ·a·c_j/N) there. Within a 64-point block c_j = c_block + o_j·(2N/64), with the same o_j in every block; so X^a is a number a block, from a table by
/// a·c_block mod 2N, times 64 numbers that depend on a mod 64 only. Read off the transform of X itself. Immutable, shared, kept for the process's life.
/// </summary>
internal sealed unsafe class MonomialTable
{
    private static readonly ConcurrentDictionary<(int Size, SimdPath Path), Lazy<MonomialTable>> s_tables = new();
    private readonly List<NativeBuffer> _buffers = [];
    private readonly double* _roots;
    private readonly double* _lanes;
    private readonly int[] _blockExponents;
    private readonly int _mask;

    private MonomialTable(int size, SimdPath path)
    {
        FourierPlan plan = FourierPlan.For(size);
        _mask = (2 * size) - 1;
        using var x = new NativeBuffer((long)size * sizeof(double));
        new Span<double>(x.Doubles, size).Clear();
        x.Doubles[1] = 1;
        FourierTransform.Forward(x.Doubles, plan, path);
        _blockExponents = new int[plan.Blocks];
        int[] offsets = new int[64];
        for (int b = 0; b < plan.Blocks; b++)
        {
            _blockExponents[b] = Exponent(x.Doubles, b, 0, size);
            for (int j = 0; j < 64; j++)
            {
                int difference = (Exponent(x.Doubles, b, j, size) - _blockExponents[b]) & _mask;
                offsets[j] = b == 0 ? difference : offsets[j];
                if (difference != offsets[j] || difference % (size / 32) != 0)
                {
                    throw new InvalidOperationException("The transform's points are not in the order that this table takes for granted.");
                }
            }
        }

        _roots = Allocate(4 * size);
        for (int t = 0; t < 2 * size; t++)
        {
            (_roots[(2 * t) + 1], _roots[2 * t]) = Math.SinCos(Math.PI * t / size);
        }

        _lanes = Allocate(64 * 128);
        for (int a = 0; a < 64; a++)
        {
            for (int j = 0; j < 64; j++)
            {
                double* slot = _lanes + (128 * a) + (j / 8 * 16) + (j % 8);
                (slot[8], slot[0]) = Math.SinCos(Math.PI * (a * (offsets[j] / (size / 32)) % 64) / 32);
            }
        }
    }

    /// <summary>The table of polynomial size <paramref name="size"/> for the order of one path's transform.</summary>
    public static MonomialTable For(int size, SimdPath path) => s_tables.GetOrAdd((size, path), static key => new Lazy<MonomialTable>(() => new MonomialTable(key.Size, key.Path))).Value;

    /// <summary>X^a's factor of a 64-point block: real and imaginary part.</summary>
    public double* Block(int exponent, int block) => _roots + (2 * ((exponent * _blockExponents[block]) & _mask));

    /// <summary>X^a's factors within a block, eight times [8 re][8 im].</summary>
    public double* Lanes(int exponent) => _lanes + (128 * (exponent & 63));

    private double* Allocate(int doubles)
    {
        var buffer = new NativeBuffer((long)doubles * sizeof(double));
        _buffers.Add(buffer);
        return buffer.Doubles;
    }

    private static int Exponent(double* x, int block, int j, int size)
    {
        double* slot = x + (128 * (nint)block) + (j / 8 * 16) + (j % 8);
        return (int)Math.Round(Math.Atan2(slot[8], slot[0]) / Math.PI * size) & ((2 * size) - 1);
    }
}
