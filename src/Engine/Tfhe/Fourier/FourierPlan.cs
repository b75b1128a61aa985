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
    /// <summary>Where the twiddles of single lanes begin in a block's for eight lanes.</summary>
    public const int WideLanes = 8;

    /// <summary>Doubles of the twiddles of eight butterflies, a lane each: u^1 to u^3 as [8 re][8 im].</summary>
    public const int WideStage = 48;

    /// <summary>Doubles of the twiddles of a group of 16 points in a block's for fewer lanes.</summary>
    public const int NarrowStride = 32;

    /// <summary>Where the twiddles of single lanes begin in a group's.</summary>
    public const int NarrowLanes = 8;

    /// <summary>√½: the real and imaginary parts of the primitive eighth root of unity.</summary>
    public const double HalfRoot = 0.70710678118654752440;

    private const int WideStride = WideLanes + (3 * WideStage);
    private const int BlockStride = 4 * NarrowStride;
    private static readonly ConcurrentDictionary<int, Lazy<FourierPlan>> s_plans = new();
    private readonly List<NativeBuffer> _buffers = [];
    private readonly FourierPass[] _widePasses;
    private readonly FourierPass[] _narrowPasses;
    private readonly double* _wide;
    private readonly double* _narrow;

    private FourierPlan(int size)
    {
        Points = size / 2;
        Blocks = Points / 64;
        (_widePasses, double[] blocks) = MakePasses(Points, 64, 8);
        (_narrowPasses, double[] groups) = MakePasses(Points, 16, 4);
        _wide = Allocate(Blocks * WideStride);
        _narrow = Allocate(Blocks * BlockStride);
        for (int b = 0; b < Blocks; b++)
        {
            WriteWide(_wide + (b * WideStride), blocks[b]);
            WriteNarrow(_narrow + (b * BlockStride), groups.AsSpan(4 * b, 4));
        }
    }

    /// <summary>M = N/2.</summary>
    public int Points { get; }

    /// <summary>M/64.</summary>
    public int Blocks { get; }

    /// <summary>The passes from M points down to 64 for eight lanes, to 16 for fewer.</summary>
    /// <param name="lanes">The lanes of a register.</param>
    public FourierPass[] Passes(int lanes) => lanes == 8 ? _widePasses : _narrowPasses;

    /// <summary>
    /// The twiddles of a 64-point block modulo X^64 − w. For eight lanes (radix 4 three times): u^1 to u^3 as (re, im), u = w^(1/4), and two spare; then three stages of
    /// <see cref="WideStage"/>: for child s in lanes 2s and 2s + 1; for its children c = 0 and 1 in lane 2s + c; for c = 2 and 3. For fewer lanes, for each of its four groups modulo X^16 − v (radix 4 twice): u^1 to u^3 as (re, im), u = v^(1/4), and two spare; for q = 1 to 3, [4 re][4 im] of u_s^q.
    /// </summary>
    /// <param name="lanes">The lanes of a register.</param>
    /// <param name="block">The block, below <see cref="Blocks"/>.</param>
    public double* BlockTwiddles(int lanes, int block) => lanes == 8 ? _wide + (WideStride * (nint)block) : _narrow + (BlockStride * (nint)block);

    /// <summary>The plan of polynomial size <paramref name="size"/>.</summary>
    public static FourierPlan For(int size) => s_plans.GetOrAdd(size, static n => new Lazy<FourierPlan>(() => new FourierPlan(n))).Value;

    /// <summary>The passes from <paramref name="points"/> down to blocks of <paramref name="last"/>, and the blocks' angles in turns.</summary>
    private (FourierPass[] Passes, double[] Angles) MakePasses(int points, int last, int maxRadix)
    {
        var passes = new List<FourierPass>();
        double[] angles = [0.25];
        for (int m = points; m > last;)
        {
            int radix = Radix(System.Numerics.BitOperations.Log2((uint)(m / last)), maxRadix);
            double* twiddles = Allocate(angles.Length * (radix - 1) * 2);
            for (int b = 0; b < angles.Length; b++)
            {
                WriteTwiddles(twiddles + (b * (radix - 1) * 2), angles[b] / radix, radix);
            }

            passes.Add(new FourierPass(radix, m, twiddles));
            angles = Split(angles, radix);
            m /= radix;
        }

        return ([.. passes], angles);
    }

    /// <summary>Radix 4 has the best balance of registers and passes; an odd bit goes first, with radix 8 where there are registers for it.</summary>
    private static int Radix(int bits, int maxRadix) => bits % 2 == 0 ? 4 : bits == 1 || maxRadix < 8 ? 2 : 8;

    private static double[] Split(double[] angles, int radix)
    {
        var children = new double[angles.Length * radix];
        for (int b = 0; b < angles.Length; b++)
        {
            for (int s = 0; s < radix; s++)
            {
                children[(b * radix) + s] = Child(angles[b], s, radix);
            }
        }

        return children;
    }

    private static void WriteWide(double* target, double angle)
    {
        WriteTwiddles(target, angle / 4, 4);
        double* lanes = target + WideLanes;
        for (int s = 0; s < 4; s++)
        {
            double child = Child(angle, s, 4);
            for (int c = 0; c < 2; c++)
            {
                int lane = (2 * s) + c;
                WriteLane(lanes + lane, child / 4, 4, 8);
                WriteLane(lanes + WideStage + lane, Child(child, c, 4) / 4, 4, 8);
                WriteLane(lanes + (2 * WideStage) + lane, Child(child, c + 2, 4) / 4, 4, 8);
            }
        }
    }

    private static void WriteNarrow(double* target, ReadOnlySpan<double> angles)
    {
        foreach (double angle in angles)
        {
            WriteTwiddles(target, angle / 4, 4);
            for (int s = 0; s < 4; s++)
            {
                WriteLane(target + NarrowLanes + s, Child(angle, s, 4) / 4, 4, 4);
            }

            target += NarrowStride;
        }
    }

    private static double Child(double angle, int child, int radix) => (angle / radix) + ((double)child / radix);

    private static void WriteLane(double* target, double angle, int radix, int lanes)
    {
        for (int q = 1; q < radix; q++)
        {
            (target[lanes], target[0]) = SinCosTurn(angle * q);
            target += 2 * lanes;
        }
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
