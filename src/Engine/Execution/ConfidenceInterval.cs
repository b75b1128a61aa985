namespace BlindGrain.Engine.Execution;

/// <summary>A 95 % confidence interval, [<paramref name="Low"/>, <paramref name="High"/>].</summary>
public readonly record struct ConfidenceInterval(double Low, double High)
{
    /// <summary>The quantile of the standard normal distribution at 97.5 %.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>The interval of a proportion by its score (Wilson, JASA 22, 1927): it stays within [0, 1] and is right near its ends too.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">At least 1.</param>
    public static ConfidenceInterval OfProportion(long successes, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        double n = trials, p = successes / n, z2 = Z * Z;
        double middle = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        double half = Z / (1 + (z2 / n)) * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n)));
        return new ConfidenceInterval(Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>
    /// The interval of p₁ − p₂ for two proportions of the same trials: Wald's after half a pseudo-trial is added to each of the four outcomes (Agresti and Min, Statistics in
    /// Medicine 24, 2005), which covers where few trials differ, as here.
    /// </summary>
    /// <param name="firstOnly">The trials that only the first won.</param>
    /// <param name="secondOnly">The trials that only the second won.</param>
    /// <param name="trials">All trials, at least 1.</param>
    public static ConfidenceInterval OfPairedDifference(long firstOnly, long secondOnly, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(firstOnly);
        ArgumentOutOfRangeException.ThrowIfNegative(secondOnly);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstOnly + secondOnly, trials, nameof(trials));
        double n = trials + 2.0, difference = firstOnly - secondOnly, discordant = firstOnly + secondOnly + 1.0;
        double half = Z * Math.Sqrt(discordant - (difference * difference / n));
        return new ConfidenceInterval((difference - half) / n, (difference + half) / n);
    }
}
