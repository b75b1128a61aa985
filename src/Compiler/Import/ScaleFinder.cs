namespace BlindGrain.Compiler.Import;

/// <summary>Brings real factors to integer multiples of one base, so that numbers of different scales can be added as integers.</summary>
internal static class ScaleFinder
{
    private const int MaxMultiple = 1 << 12;
    private const int MaxDivisor = 64;
    private const double Exact = 1e-5;

    /// <summary>Rounding a factor may move a sum by this part of the finest scale.</summary>
    private const double Allowed = 0.125;

    /// <summary>Finds the coarsest base.</summary>
    /// <param name="factors">The factors, positive, distinct.</param>
    /// <param name="largest">For each factor, the largest magnitude of an integer that it multiplies.</param>
    /// <returns>The base, each factor's multiple of it, and whether multiples had to be rounded; null if there is none.</returns>
    public static (double Base, long[] Multiples, bool Rounded)? Find(double[] factors, double[] largest)
    {
        double finest = factors.Min();
        if (Try(factors, finest, MaxDivisor, (ratio, multiple, _) => Math.Abs(ratio - multiple) <= Exact * ratio) is { } exact)
        {
            return (exact.Base, exact.Multiples, false);
        }

        return Try(factors, finest, MaxDivisor, (ratio, multiple, i, divisor) => Math.Abs(ratio - multiple) * largest[i] / divisor <= Allowed) is { } rounded
            ? (rounded.Base, rounded.Multiples, true)
            : null;
    }

    private static (double Base, long[] Multiples)? Try(double[] factors, double finest, int maxDivisor, Func<double, double, int, bool> fits) =>
        Try(factors, finest, maxDivisor, (ratio, multiple, i, _) => fits(ratio, multiple, i));

    private static (double Base, long[] Multiples)? Try(double[] factors, double finest, int maxDivisor, Func<double, double, int, int, bool> fits)
    {
        for (int divisor = 1; divisor <= maxDivisor; divisor++)
        {
            double unit = finest / divisor;
            var multiples = new long[factors.Length];
            bool all = true;
            for (int i = 0; i < factors.Length && all; i++)
            {
                double ratio = factors[i] / unit;
                multiples[i] = (long)Math.Round(Math.Min(ratio, 2.0 * MaxMultiple));
                all = multiples[i] is > 0 and <= MaxMultiple && fits(ratio, multiples[i], i, divisor);
            }

            if (all)
            {
                return (unit, multiples);
            }
        }

        return null;
    }
}
