namespace BlindGrain.Cli.Reports.Evaluation;

/// <summary>
/// The 95 % confidence interval of a proportion (E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927):
/// (p + z²/2n ± z·sqrt(p(1 − p)/n + z²/4n²)) / (1 + z²/n) with z = 1.96. Unlike the normal one it is sound near 0 and 1 and for few samples.
/// </summary>
internal static class WilsonInterval
{
    private const double Z = 1.959964;

    /// <summary>The interval of <paramref name="successes"/> of <paramref name="trials"/>.</summary>
    public static (double Low, double High) Of(int successes, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        double n = trials, p = successes / n, z2 = Z * Z;
        double middle = p + (z2 / (2 * n)), half = Z * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n)));
        return (Math.Max(0, (middle - half) / (1 + (z2 / n))), Math.Min(1, (middle + half) / (1 + (z2 / n))));
    }
}
