using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>The dimensions and constants of a parameter set's CMUX.</summary>
internal sealed class CmuxShape
{
    /// <summary>Spare words behind each accumulator polynomial.</summary>
    public const int Padding = 8;

    public CmuxShape(ParameterSet parameters)
    {
        Size = parameters.PolynomialSize.Value;
        Columns = parameters.GlweDimension.Value + 1;
        Levels = parameters.Bootstrap.Levels;
        Rows = Columns * Levels;
        Stride = Size + Padding;
        Plan = FourierPlan.For(Size);
        int beta = parameters.Bootstrap.BaseLog;
        ulong offset = 1UL << (63 - (beta * Levels));
        for (int j = 1; j <= Levels; j++)
        {
            offset += 1UL << (63 - (beta * (j - 1)));
        }

        Digits = new DigitConstants[Levels];
        for (int j = 1; j <= Levels; j++)
        {
            Digits[j - 1] = new DigitConstants(offset, 64 - (beta * j), (1UL << beta) - 1, 4503599627370496.0 + (1L << (beta - 1)));
        }
    }

    /// <summary>N.</summary>
    public int Size { get; }

    /// <summary>k + 1.</summary>
    public int Columns { get; }

    /// <summary>l.</summary>
    public int Levels { get; }

    /// <summary>(k + 1)·l.</summary>
    public int Rows { get; }

    /// <summary>Words from one accumulator polynomial to the next.</summary>
    public int Stride { get; }

    /// <summary>The transform of N.</summary>
    public FourierPlan Plan { get; }

    /// <summary>The digits' constants, most significant first.</summary>
    public DigitConstants[] Digits { get; }

    /// <summary>Doubles of one GGSW in the Fourier domain.</summary>
    public long GgswDoubles => (long)Rows * Columns * Size;

    /// <summary>Bytes of the same.</summary>
    public long GgswBytes => GgswDoubles * sizeof(double);

    /// <summary>Words of one accumulator.</summary>
    public int AccumulatorWords => Columns * Stride;

    /// <summary>Doubles of work space: rows, in whose place come the sums, and a 64-point block of each.</summary>
    public int WorkDoubles => (Rows * Size) + (128 * (Rows + Columns));
}
