using System.Collections.Concurrent;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>One decimation pass: blocks of <see cref="Size"/> points split by <see cref="Radix"/>; twiddles u^1..u^(r−1) as (re, im), block after block.</summary>
internal readonly unsafe struct FourierPass(int radix, int size, double* twiddles)
{
    public int Radix { get; } = radix;

    public int Size { get; } = size;

    public double* Twiddles { get; } = twiddles;
}

/// <summary>The passes and twiddles of the transform of one polynomial size. Immutable, shared, kept for the process's life.</summary>
internal sealed unsafe class FourierPlan
{
    /// <summary>Doubles a 64-point block has in <see cref="ScalarTwiddles"/>.</summary>
    public const int ScalarStride = 16;

    /// <summary>Doubles a 64-point block has in <see cref="VectorTwiddles"/>.</summary>
    public const int VectorStride = 112;

    /// <summary>√½: the real and imaginary parts of the primitive eighth root of unity.</summary>
    public const double HalfRoot = 0.70710678118654752440;

    private static readonly ConcurrentDictionary<int, Lazy<FourierPlan>> s_plans = new();
    private readonly List<NativeBuffer> _buffers = [];

    private FourierPlan(int size)
    {
        Points = size / 2;
        Blocks = Points / 64;
        var passes = new List<FourierPass>();
        double[] angles = [0.25];
        int m = Points;
        foreach (int radix in Radices(System.Numerics.BitOperations.Log2((uint)Blocks)))
        {
            var twiddles = Allocate(angles.Length * (radix - 1) * 2);
            for (int b = 0; b < angles.Length; b++)
            {
                WriteTwiddles(twiddles + (b * (radix - 1) * 2), angles[b] / radix, radix);
            }

            passes.Add(new FourierPass(radix, m, twiddles));
            angles = Split(angles, radix);
            m /= radix;
        }

        Passes = [.. passes];
        ScalarTwiddles = Allocate(Blocks * ScalarStride);
        VectorTwiddles = Allocate(Blocks * VectorStride);
        for (int b = 0; b < Blocks; b++)
        {
            WriteTwiddles(ScalarTwiddles + (b * ScalarStride), angles[b] / 8, 8);
            for (int s = 0; s < 8; s++)
            {
                double child = ((angles[b] / 8) + (s / 8.0)) / 8;
                for (int q = 1; q < 8; q++)
                {
                    (double sin, double cos) = SinCosTurn(child * q);
                    VectorTwiddles[(b * VectorStride) + (16 * (q - 1)) + s] = cos;
                    VectorTwiddles[(b * VectorStride) + (16 * (q - 1)) + 8 + s] = sin;
                }
            }
        }
    }

    /// <summary>M = N/2.</summary>
    public int Points { get; }

    /// <summary>M/64.</summary>
    public int Blocks { get; }

    /// <summary>The passes from M points down to 64.</summary>
    public FourierPass[] Passes { get; }

    /// <summary>Per 64-point block, u^1..u^7 as (re, im), padded to <see cref="ScalarStride"/>.</summary>
    public double* ScalarTwiddles { get; }

    /// <summary>Per 64-point block, the second radix-8 step's twiddles, lane by lane.</summary>
    public double* VectorTwiddles { get; }

    /// <summary>The plan of polynomial size <paramref name="size"/>.</summary>
    public static FourierPlan For(int size) => s_plans.GetOrAdd(size, static n => new Lazy<FourierPlan>(() => new FourierPlan(n))).Value;

    private static List<int> Radices(int bits)
    {
        // Radix 4 has the best balance of registers and passes; an odd bit goes to one radix-8 (or, alone, radix-2) pass.
        var radices = new List<int>();
        if (bits == 1)
        {
            radices.Add(2);
            return radices;
        }

        if (bits % 2 == 1)
        {
            radices.Add(8);
            bits -= 3;
        }

        while (bits > 0)
        {
            radices.Add(4);
            bits -= 2;
        }

        return radices;
    }

    private static double[] Split(double[] angles, int radix)
    {
        var children = new double[angles.Length * radix];
        for (int b = 0; b < angles.Length; b++)
        {
            for (int s = 0; s < radix; s++)
            {
                children[(b * radix) + s] = (angles[b] / radix) + ((double)s / radix);
            }
        }

        return children;
    }

    private static void WriteTwiddles(double* target, double angle, int radix)
    {
        for (int q = 1; q < radix; q++)
        {
            (double sin, double cos) = SinCosTurn(angle * q);
            target[2 * (q - 1)] = cos;
            target[(2 * (q - 1)) + 1] = sin;
        }
    }

    /// <summary>
    /// Sine and cosine of a dyadic fraction of a turn, both right to the last bit: reduced exactly to an eighth of a turn either way, with the
    /// product's and π's own roundings put back to first order. A transform's noise is that of its twiddles as much as of its sums.
    /// </summary>
    private static (double Sin, double Cos) SinCosTurn(double turns)
    {
        const double TwoPi = 2 * Math.PI, TwoPiRest = 2.4492935982947064e-16;
        turns -= Math.Floor(turns);
        int quarter = (int)Math.Round(turns * 4);
        double rest = turns - (quarter / 4.0), angle = rest * TwoPi;
        double error = Math.FusedMultiplyAdd(rest, TwoPi, -angle) + (rest * TwoPiRest);
        (double s, double c) = Math.SinCos(angle);
        (s, c) = (Math.FusedMultiplyAdd(error, c, s), Math.FusedMultiplyAdd(-error, s, c));
        return (quarter % 4) switch
        {
            0 => (s, c),
            1 => (c, -s),
            2 => (-s, -c),
            _ => (-c, s),
        };
    }

    private double* Allocate(int doubles)
    {
        var buffer = new NativeBuffer(doubles * sizeof(double));
        _buffers.Add(buffer);
        return buffer.Doubles;
    }
}
