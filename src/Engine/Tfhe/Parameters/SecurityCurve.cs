namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// The least noise that keeps an LWE problem with uniform binary secrets hard, as a function of its dimension, for
/// q = 2^64: log2(σ/q) = slope · dimension + bias, never below 2^-62 (σ = 4). The lines are fits to the lattice estimator's
/// cheapest attack (MATZOV dual hybrid) published by Zama (concrete, tools/parameter-curves); they hold from dimension 450.
/// </summary>
public static class SecurityCurve
{
    /// <summary>The smallest dimension that the curves cover.</summary>
    public const int MinDimension = 450;

    private const double FloorLog2 = -62;

    /// <summary>log2(σ/q) for 132 bits: what parameter sets use.</summary>
    public static double Log2Std132(int dimension) => Line(dimension, -0.024891456582633045, 2.65734593837534);

    /// <summary>log2(σ/q) for 128 bits: no parameter set may have less noise.</summary>
    public static double Log2Std128(int dimension) => Line(dimension, -0.025696778711484593, 2.675931372549016);

    /// <summary>
    /// The dimension whose uniform binary key is as secure as a key of <paramref name="dimension"/> bits of another distribution: by it the curves are read for block-binary keys
    /// (<see cref="KeyDistribution.DimensionFactor"/>).
    /// </summary>
    public static int UniformDimension(int dimension, KeyDistribution keys) => (int)Math.Floor(dimension / keys.DimensionFactor);

    private static double Line(int dimension, double slope, double bias)
    {
        if (dimension < MinDimension)
        {
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, $"No noise makes an LWE dimension below {MinDimension} secure here.");
        }

        return Math.Max((slope * dimension) + bias, FloorLog2);
    }
}
