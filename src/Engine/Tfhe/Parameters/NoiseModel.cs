namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// Variances of the phase error, relative to the torus (q = 1), for uniform binary keys. Formulas: CGGI (eprint 2018/421) as
/// collected in the noise models of Concrete and tfhe-rs; centred modulus switch and mean-compensated key switch after eprint
/// 2025/809. Tests hold measured variances against them.
/// </summary>
public static class NoiseModel
{
    /// <summary>A fresh ciphertext under the big key.</summary>
    public static double Fresh(ParameterSet p)
    {
        ArgumentNullException.ThrowIfNull(p);
        return Math.Pow(2, 2 * p.Log2BigStd);
    }

    /// <summary>
    /// The output of a blind rotation, whatever its input: n CMUXes, each with the GGSW's noise
    /// l(k+1)N·(B²+2)/12·σ², the gadget's rounding (1 + kN/2)/(24·B^2l) and the transform's rounding.
    /// </summary>
    public static double BlindRotation(ParameterSet p)
    {
        ArgumentNullException.ThrowIfNull(p);
        double k = p.GlweDimension.Value, size = p.PolynomialSize.Value, l = p.Bootstrap.Levels;
        double b2 = Math.Pow(2, 2 * p.Bootstrap.BaseLog), b2l = Math.Pow(2, 2 * p.Bootstrap.Bits);
        double ggsw = l * (k + 1) * size * (b2 + 2) / 12 * Math.Pow(2, 2 * p.Log2BigStd);
        double rounding = (1 + (k * size / 2)) / (24 * b2l);
        return p.SmallDimension.Value * (ggsw + rounding + Fourier(p));
    }

    /// <summary>The rounding of one external product's f64 transforms (Concrete's fit of its own f64 transform, an upper bound for ours).</summary>
    public static double Fourier(ParameterSet p)
    {
        ArgumentNullException.ThrowIfNull(p);
        double size = p.PolynomialSize.Value;
        return Math.Pow(2, -2.57722494 + (2 * (64 - 53)) - 128) * p.Bootstrap.Levels * Math.Pow(2, 2 * p.Bootstrap.BaseLog) * size * size * (p.GlweDimension.Value + 1);
    }

    /// <summary>What a key switch kN → n adds: the key's noise, the digits' rounding with its mean taken off, and 32-bit words.</summary>
    public static double Keyswitch(ParameterSet p)
    {
        ArgumentNullException.ThrowIfNull(p);
        double big = p.BigDimension.Value, l = p.Keyswitch.Levels;
        double b2 = Math.Pow(2, 2 * p.Keyswitch.BaseLog), b2l = Math.Pow(2, 2 * p.Keyswitch.Bits);
        return (big * ((l * (b2 + 2) / 12 * Math.Pow(2, 2 * p.Log2SmallStd)) + (1 / (48 * b2l)))) + Rounding32(p);
    }

    /// <summary>What the centred modulus switch adds: n/48 in units of 1/(2N')², N' being the table's size.</summary>
    public static double ModulusSwitch(ParameterSet p) => ModulusSwitch(p, RotationPlan.Full(p));

    /// <summary>
    /// What the modulus switch of a plan adds: n/48·(1 + 3φ²) in units of 1/(2N')². The fraction φ of odd elements is moved by one more unit, from an error
    /// e in the outer φ of its range to 1 − |e|: E[e²] = 1/12 + φ²/4.
    /// </summary>
    public static double ModulusSwitch(ParameterSet p, RotationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(p);
        double modulus = 2.0 * (p.PolynomialSize.Value << plan.Log2Extension), fraction = plan.CompanionFraction;
        return p.SmallDimension.Value / 48.0 * (1 + (3 * fraction * fraction)) / (modulus * modulus);
    }

    /// <summary>What rounding a ciphertext under the big key to 32-bit words adds: (1 + kN/2)/12 · 2^-64.</summary>
    public static double Rounding32(ParameterSet p)
    {
        ArgumentNullException.ThrowIfNull(p);
        return (1 + (p.BigDimension.Value / 2.0)) / 12 * Math.Pow(2, -64);
    }

    /// <summary>
    /// log2 of the probability that a centred Gaussian of this variance leaves ±<paramref name="tolerance"/>:
    /// log2 erfc(t / sqrt(2V)).
    /// </summary>
    public static double Log2PError(double tolerance, double variance)
    {
        if (tolerance <= 0)
        {
            return 0;
        }

        double x = tolerance / Math.Sqrt(2 * variance);

        // erfc(x) = exp(−x²)·w(x) with w by Lentz' continued fraction for large x; a series near 0.
        return x < 2 ? Math.Log2(ErfcSmall(x)) : (-(x * x) / Math.Log(2)) + Math.Log2(ErfcxLarge(x));
    }

    private static double ErfcSmall(double x)
    {
        // erf(x) = 2/sqrt(π) Σ (−1)^n x^(2n+1) / (n! (2n+1)) (Abramowitz and Stegun 7.1.5): fast for x < 2.
        double term = x, sum = x;
        for (int n = 1; n < 60; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return Math.Max(1 - (2 / Math.Sqrt(Math.PI) * sum), 1e-300);
    }

    private static double ErfcxLarge(double x)
    {
        // exp(x²)·erfc(x) = 1/sqrt(π) · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))) (Abramowitz and Stegun 7.1.14).
        double fraction = x;
        for (int n = 60; n >= 1; n--)
        {
            fraction = x + (n / 2.0 / fraction);
        }

        return 1 / (Math.Sqrt(Math.PI) * fraction);
    }
}
