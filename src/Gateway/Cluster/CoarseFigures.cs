namespace BlindGrain.Gateway.Cluster;

/// <summary>
/// Rounds what all tenants together use. An exact count of bootstraps, or of bytes of keys, would name the model or the parameter set that another tenant uses.
/// </summary>
internal static class CoarseFigures
{
    /// <summary>To the nearest of twenty steps a decade, 12 % from one to the next; 0 below 1.</summary>
    public static double Amount(double value) => value < 1 ? 0 : Digits(Math.Pow(10, Math.Round(20 * Math.Log10(value)) / 20));

    /// <summary>Up to the next twentieth, 0 to 1: what is used is never told as nothing.</summary>
    public static double Fraction(double value) => Math.Ceiling(20 * Math.Clamp(value, 0, 1)) / 20;

    /// <summary>Two digits are enough to tell neighbouring steps apart.</summary>
    private static double Digits(double value)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return unit >= 1 ? Math.Round(value / unit) * unit : Math.Round(value, 1);
    }
}
