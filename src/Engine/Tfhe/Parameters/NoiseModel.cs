namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// Variances of the phase error, relative to the torus (q = 1), for uniform binary keys and, where a set has them, block-binary small keys. Formulas: CGGI (eprint 2018/421) as
/// collected in the noise models of Concrete and tfhe-rs; centred modulus switch and mean-compensated key switch after eprint
/// 2025/809; block-binary keys after eprint 2023/958. Tests hold measured variances against them.
/// </summary>
public static class NoiseModel
{
    /// <summary>
    /// The transform's roundings in units of 2^-106 a level of its butterflies, fitted to differences from exact integer products over N = 2^8 to
    /// 2^15, k = 1 to 6, l = 1 to 3, which agree within 9 %.
    /// </summary>
    private const double FourierRounding = 0.0089;

    /// <summary>A fresh ciphertext under the big key.</summary>
    public static double Fresh(ParameterSet p)
    {
        ArgumentNullException.ThrowIfNull(p);
        return Math.Pow(2, 2 * p.Log2BigStd);
    }

    /// <summary>
    /// The output of a blind rotation, whatever its input: n CMUXes, each with the GGSW's noise
    /// l(k+1)N·(B²+2)/12·σ², the gadget's rounding (1 + kN/2)/(24·B^2l) and the transform's rounding. With key blocks of l_b bits every element's product is
    /// multiplied by X^a − 1, which doubles a variance, and the rounding comes through where a key bit is 1: (1 + kN/2)/(6(l_b+1)·B^2l).
    /// </summary>
    public static double BlindRotation(ParameterSet p)
    {
        ArgumentNullException.ThrowIfNull(p);
        double cmux = Cmux(p.GlweDimension.Value, p.PolynomialSize, p.Bootstrap, p.Log2BigStd);
        if (p.Keys.IsUniform)
        {
            return p.SmallDimension.Value * cmux;
        }

        double rounding = (1 + (p.BigDimension.Value / 2.0)) / Math.Pow(2, 2 * p.Bootstrap.Bits);
        return p.SmallDimension.Value * ((2 * (cmux - (rounding / 24))) + (rounding * p.Keys.Mean / 6));
    }

    /// <summary>
    /// The rounding of one external product's f64 transforms: 0.0089·2^-106·log2 N · l(k+1)·N·B² · (1 + kN/2). Each of (k+1)·l products of a
    /// digit (variance B²/12) with torus words (1/12) is a sum of N terms, rounded to 53 bits in log2 N levels; 1 + kN/2 coefficients
    /// make up a phase. The form of Concrete's model, whose own transform has 2^-2.58·2^-106·N²(k+1)·l·B²: ours is 0.27 of it at k = 1, N = 2048.
    /// </summary>
    public static double Fourier(ParameterSet p)
    {
        ArgumentNullException.ThrowIfNull(p);
        return Fourier(p.GlweDimension.Value, p.PolynomialSize, p.Bootstrap);
    }

    /// <summary>What a key switch kN → n adds: the key's noise, the digits' rounding with its mean taken off, and 32-bit words.</summary>
    public static double Keyswitch(ParameterSet p)
    {
        ArgumentNullException.ThrowIfNull(p);
        return Keyswitch(p, p.Glwe);
    }

    /// <summary>As <see cref="Keyswitch(ParameterSet)"/>, of ciphertexts under another big key.</summary>
    public static double Keyswitch(ParameterSet p, GlweParameters from)
    {
        ArgumentNullException.ThrowIfNull(p);
        return Keyswitch(from.BigDimension.Value, p.Keyswitch, p.Log2SmallStd);
    }

    /// <summary>What the centred modulus switch adds: n·μ(1 − μ)/12 in units of 1/(2N')², N' being the table's size and μ a key bit's mean; n/48 for uniform keys.</summary>
    public static double ModulusSwitch(ParameterSet p) => ModulusSwitch(p, RotationPlan.Full(p));

    /// <summary>
    /// What the modulus switch of a plan adds: n·μ(1 − μ)/12·(1 + 3φ²) in units of 1/(2N')². The fraction φ of odd elements is moved by one more unit, from an error
    /// e in the outer φ of its range to 1 − |e|: E[e²] = 1/12 + φ²/4. With 2^θ tables on a rotation the modulus is 2N'/2^θ.
    /// </summary>
    public static double ModulusSwitch(ParameterSet p, RotationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(p);
        double fraction = plan.CompanionFraction, uniform = 4 * p.Keys.Mean * (1 - p.Keys.Mean);
        return (1 + (3 * fraction * fraction)) * uniform * ModulusSwitch(p.SmallDimension.Value, plan.Boxes(p));
    }

    /// <summary>What rounding a ciphertext under the big key to 32-bit words adds: (1 + kN/2)/12 · 2^-64.</summary>
    public static double Rounding32(ParameterSet p)
    {
        ArgumentNullException.ThrowIfNull(p);
        return Rounding32(p.BigDimension.Value);
    }

    /// <summary>One CMUX of k, N and a gadget under a big key with noise of 2^<paramref name="log2BigStd"/>.</summary>
    internal static double Cmux(int k, PolynomialSize size, Decomposition gadget, double log2BigStd)
    {
        double b2 = Math.Pow(2, 2 * gadget.BaseLog), b2l = Math.Pow(2, 2 * gadget.Bits);
        double ggsw = gadget.Levels * (k + 1.0) * size.Value * (b2 + 2) / 12 * Math.Pow(2, 2 * log2BigStd);
        double rounding = (1 + (k * size.Value / 2.0)) / (24 * b2l);
        return ggsw + rounding + Fourier(k, size, gadget);
    }

    /// <summary>A key switch from <paramref name="bigDimension"/> under a small key with noise of 2^<paramref name="log2SmallStd"/>.</summary>
    internal static double Keyswitch(int bigDimension, Decomposition gadget, double log2SmallStd)
    {
        double b2 = Math.Pow(2, 2 * gadget.BaseLog), b2l = Math.Pow(2, 2 * gadget.Bits);
        return (bigDimension * ((gadget.Levels * (b2 + 2) / 12 * Math.Pow(2, 2 * log2SmallStd)) + (1 / (48 * b2l)))) + Rounding32(bigDimension);
    }

    /// <summary>The centred modulus switch of n elements for a table of <paramref name="tableSize"/> entries.</summary>
    internal static double ModulusSwitch(int n, int tableSize) => n / 48.0 / (4.0 * tableSize * tableSize);

    /// <summary>Rounding to 32-bit words under a big key of <paramref name="bigDimension"/>.</summary>
    internal static double Rounding32(int bigDimension) => (1 + (bigDimension / 2.0)) / 12 * Math.Pow(2, -64);

    private static double Fourier(int k, PolynomialSize size, Decomposition gadget) =>
        FourierRounding * size.Log2 * Math.Pow(2, -106) * gadget.Levels * (k + 1) * Math.Pow(2, 2 * gadget.BaseLog) * size.Value * (1 + (k * size.Value / 2.0));

    /// <summary>
    /// The phase at a look-up behind a linear map of this squared 2-norm over bootstraps' outputs: ν₂ rotations, each rounded to 32-bit words, the key
    /// switch and the modulus switch.
    /// </summary>
    public static double AtLookup(ParameterSet p, double squaredNorm) => AtLookup(p, squaredNorm, RotationPlan.Full(p));

    /// <summary>As <see cref="AtLookup(ParameterSet, double)"/>, by a plan.</summary>
    public static double AtLookup(ParameterSet p, double squaredNorm, RotationPlan plan) =>
        (squaredNorm * (BlindRotation(p) + Rounding32(p))) + Keyswitch(p) + ModulusSwitch(p, plan);

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

    /// <summary>The most variance with which a centred Gaussian leaves ±<paramref name="tolerance"/> with probability 2^<paramref name="log2PError"/> at most; tolerance over 0, probability below 1.</summary>
    public static double LargestVariance(double tolerance, double log2PError)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tolerance);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(log2PError, 0);
        double low = 0, high = tolerance * tolerance * 4;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Log2PError(tolerance, middle) <= log2PError ? (middle, high) : (low, middle);
        }

        return low;
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
