using System.Buffers.Binary;
using System.Security.Cryptography;

namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// The cryptographic parameters that a key set, a model and their ciphertexts share. A set below 128 bits of security
/// cannot be constructed. Two sets with equal numbers are equal and have the same <see cref="Id"/>.
/// </summary>
public sealed record ParameterSet
{
    /// <summary>Creates a set with the noise of the 132-bit curve.</summary>
    /// <param name="smallDimension">n, the LWE dimension of the blind rotation, at least 450.</param>
    /// <param name="glweDimension">k.</param>
    /// <param name="polynomialSize">N.</param>
    /// <param name="bootstrap">The gadget of the bootstrapping key.</param>
    /// <param name="keyswitch">The gadget of the key-switching key; β·l at most 31 (the key has 32-bit words).</param>
    /// <param name="log2Extension">ν: a look-up's table has 2^ν·N entries; 0 to 6.</param>
    /// <param name="keys">How the small key is drawn; n is a multiple of its block length, and ν is 0 where that is more than 1.</param>
    /// <exception cref="ArgumentException">The set would be insecure or its numbers do not fit each other; the message says why.</exception>
    public ParameterSet(LweDimension smallDimension, GlweDimension glweDimension, PolynomialSize polynomialSize, Decomposition bootstrap, Decomposition keyswitch, int log2Extension = 0, KeyDistribution keys = default)
        : this(smallDimension, glweDimension, polynomialSize, bootstrap, keyswitch, log2Extension, CurveOrThrow(smallDimension.Value, keys), CurveOrThrow(glweDimension.Value * polynomialSize.Value, default), keys)
    {
    }

    /// <summary>Creates a set with the given noise, refused where it is less than 128 bits of security ask for.</summary>
    /// <inheritdoc cref="ParameterSet(LweDimension, GlweDimension, PolynomialSize, Decomposition, Decomposition, int, KeyDistribution)"/>
    /// <param name="smallDimension">n.</param>
    /// <param name="glweDimension">k.</param>
    /// <param name="polynomialSize">N.</param>
    /// <param name="bootstrap">The gadget of the bootstrapping key.</param>
    /// <param name="keyswitch">The gadget of the key-switching key.</param>
    /// <param name="log2Extension">ν.</param>
    /// <param name="log2SmallStd">log2(σ/q) of LWE ciphertexts under the small key.</param>
    /// <param name="log2BigStd">log2(σ/q) of GLWE ciphertexts, and of LWE ciphertexts under the big key.</param>
    /// <param name="keys">How the small key is drawn.</param>
    public ParameterSet(LweDimension smallDimension, GlweDimension glweDimension, PolynomialSize polynomialSize, Decomposition bootstrap, Decomposition keyswitch, int log2Extension, double log2SmallStd, double log2BigStd, KeyDistribution keys = default)
    {
        int big = glweDimension.Value * polynomialSize.Value;
        RequireSecure("small LWE", smallDimension.Value, log2SmallStd, keys);
        RequireSecure("GLWE", big, log2BigStd, default);
        if (smallDimension.Value % keys.BlockLength != 0)
        {
            throw new ArgumentException($"A small dimension of {smallDimension} is no whole number of key blocks of {keys.BlockLength} bits.", nameof(smallDimension));
        }

        if (!keys.IsUniform && log2Extension != 0)
        {
            throw new ArgumentException($"Key blocks do not go with extended bootstrapping (2^{log2Extension} accumulators here): a block would turn them all, however the mask is sorted.", nameof(keys));
        }

        if (bootstrap.BaseLog is < 1 or > 31 || bootstrap.Levels < 1 || bootstrap.Bits > 63)
        {
            throw new ArgumentException($"The bootstrapping gadget {bootstrap} needs a base of 2^1 to 2^31 and at most 63 bits in all.", nameof(bootstrap));
        }

        if (keyswitch.BaseLog is < 1 or > 16 || keyswitch.Levels < 1 || keyswitch.Bits > 31)
        {
            throw new ArgumentException($"The key-switching gadget {keyswitch} needs a base of 2^1 to 2^16 and at most 31 bits in all: its key has 32-bit words.", nameof(keyswitch));
        }

        if (log2SmallStd < -30)
        {
            throw new ArgumentException($"A small dimension of {smallDimension} asks for less noise than 32-bit words can carry (σ of 4): take at most 1270.", nameof(smallDimension));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(log2Extension);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(log2Extension, MaxLog2Extension);
        SmallDimension = smallDimension;
        GlweDimension = glweDimension;
        PolynomialSize = polynomialSize;
        Bootstrap = bootstrap;
        Keyswitch = keyswitch;
        Log2Extension = log2Extension;
        Log2SmallStd = log2SmallStd;
        Log2BigStd = log2BigStd;
        Keys = keys;
        Id = ComputeId();
    }

    /// <summary>The largest ν.</summary>
    public const int MaxLog2Extension = 6;

    /// <summary>n, the LWE dimension of the blind rotation.</summary>
    public LweDimension SmallDimension { get; }

    /// <summary>k.</summary>
    public GlweDimension GlweDimension { get; }

    /// <summary>N.</summary>
    public PolynomialSize PolynomialSize { get; }

    /// <summary>kN, the dimension of the ciphertexts that travel.</summary>
    public LweDimension BigDimension => new(GlweDimension.Value * PolynomialSize.Value);

    /// <summary>What the big key is drawn for.</summary>
    public GlweParameters Glwe => new(GlweDimension, PolynomialSize, Log2BigStd);

    /// <summary>The gadget of the bootstrapping key.</summary>
    public Decomposition Bootstrap { get; }

    /// <summary>The gadget of the key-switching key.</summary>
    public Decomposition Keyswitch { get; }

    /// <summary>
    /// ν: bootstraps rotate a table of 2^ν·N entries held in 2^ν accumulators of degree N (extended bootstrapping, eprint
    /// 2023/402, with the sorted mask of 2025/2214); 0 for the classic one.
    /// </summary>
    public int Log2Extension { get; }

    /// <summary>N' = 2^ν·N, the entries of a look-up's table; the modulus switch goes to 2N'.</summary>
    public int TableSize => PolynomialSize.Value << Log2Extension;

    /// <summary>log2(σ/q) under the small key.</summary>
    public double Log2SmallStd { get; }

    /// <summary>log2(σ/q) under the big key.</summary>
    public double Log2BigStd { get; }

    /// <summary>How the small key is drawn; the big key is always uniform.</summary>
    public KeyDistribution Keys { get; }

    /// <summary>A short name and a hash of all numbers: what keys, models and ciphertexts are matched by.</summary>
    public string Id { get; }

    /// <summary>Bytes of the seeded evaluation keys of this set alone: what a client uploads, without the header.</summary>
    public long SeededKeyBytes => SeededBootstrapKeyBytes + SeededKeyswitchKeyBytes(Glwe);

    /// <summary>Bytes of the expanded evaluation keys of this set alone in a worker's memory.</summary>
    public long ExpandedKeyBytes => ExpandedBootstrapKeyBytes + ExpandedKeyswitchKeyBytes(Glwe);

    internal long SeededBootstrapKeyBytes => (long)SmallDimension.Value * Bootstrap.Levels * (GlweDimension.Value + 1) * PolynomialSize.Value * sizeof(ulong);

    internal long ExpandedBootstrapKeyBytes => (long)SmallDimension.Value * Bootstrap.Levels * (GlweDimension.Value + 1) * (GlweDimension.Value + 1) * PolynomialSize.Value * sizeof(double);

    /// <summary>
    /// The cost of one bootstrap in 10^6 operations, a unit that knows no machine: n·(2^(ν+1) + 2^−ν)/3 CMUX and a key switch of 2 · kN · l · (n+1).
    /// Blocks of l_b key bits share a CMUX's transforms and add (k+1) N for the rotation. <see cref="CostModel"/> gives times.
    /// </summary>
    public double Cost =>
        (SmallDimension.Value * new RotationPlan(Log2Extension).StepsPerElement * OperationsOfElement)
        + (2e-6 * BigDimension.Value * Keyswitch.Levels * (SmallDimension.Value + 1));

    private double OperationsOfElement
    {
        get
        {
            double cmux = OperationsOfCmux(GlweDimension.Value, PolynomialSize.Value, Bootstrap.Levels), columns = GlweDimension.Value + 1, size = PolynomialSize.Value;
            double products = columns * columns * Bootstrap.Levels * size / 1e6;
            return Keys.IsUniform ? cmux : ((cmux - products) / Keys.BlockLength) + products + (columns * size / 1e6);
        }
    }

    /// <summary>The operations of one CMUX in 10^6: (k+1)(l+1)(N log2 N + N) + (k+1)² l N.</summary>
    internal static double OperationsOfCmux(int glweDimension, int polynomialSize, int levels)
    {
        double columns = glweDimension + 1, size = polynomialSize;
        return ((columns * (levels + 1) * size * (Math.Log2(size) + 1)) + (columns * columns * levels * size)) / 1e6;
    }

    internal long SeededKeyswitchKeyBytes(GlweParameters from) => (long)from.BigDimension.Value * Keyswitch.Levels * sizeof(uint);

    internal long ExpandedKeyswitchKeyBytes(GlweParameters from) => (long)from.BigDimension.Value * Keyswitch.Levels * (SmallDimension.Value + 1) * sizeof(uint);

    /// <inheritdoc/>
    public override string ToString() => $"n={SmallDimension} k={GlweDimension} N={PolynomialSize}{(Log2Extension > 0 ? $"×{1 << Log2Extension}" : "")} PBS {Bootstrap} KS {Keyswitch}{(Keys.IsUniform ? "" : $" key blocks of {Keys.BlockLength}")}";

    private static double CurveOrThrow(int dimension, KeyDistribution keys) => SecurityCurve.UniformDimension(dimension, keys) >= SecurityCurve.MinDimension
        ? SecurityCurve.Log2Std132(SecurityCurve.UniformDimension(dimension, keys))
        : throw new ArgumentException($"An LWE dimension of {dimension} cannot reach 128 bits of security here; take at least {SecurityCurve.MinDimension}.", nameof(dimension));

    private static void RequireSecure(string what, int dimension, double log2Std, KeyDistribution keys)
    {
        _ = CurveOrThrow(dimension, keys);
        double least = SecurityCurve.Log2Std128(SecurityCurve.UniformDimension(dimension, keys));
        if (!double.IsFinite(log2Std) || log2Std < least || log2Std > 0)
        {
            throw new ArgumentException($"The {what} noise of 2^{log2Std:F2} at dimension {dimension} {(keys.IsUniform ? "" : $"with key blocks of {keys.BlockLength} ")}gives less than 128 bits of security; take at least 2^{least:F2}.", nameof(log2Std));
        }
    }

    private string ComputeId()
    {
        // Uniform keys add nothing, so that their sets are named as they were before there were blocks.
        Span<byte> raw = stackalloc byte[Keys.IsUniform ? 48 : 52];
        ReadOnlySpan<int> ints = [SmallDimension.Value, GlweDimension.Value, PolynomialSize.Value, Bootstrap.BaseLog, Bootstrap.Levels, Keyswitch.BaseLog, Keyswitch.Levels, Log2Extension];
        for (int i = 0; i < ints.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(raw[(4 * i)..], ints[i]);
        }

        BinaryPrimitives.WriteDoubleLittleEndian(raw[32..], Log2SmallStd);
        BinaryPrimitives.WriteDoubleLittleEndian(raw[40..], Log2BigStd);
        if (!Keys.IsUniform)
        {
            BinaryPrimitives.WriteInt32LittleEndian(raw[48..], Keys.BlockLength);
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(raw).AsSpan(0, 6));
        return $"n{SmallDimension}{(Keys.IsUniform ? "" : $"b{Keys.BlockLength}")}-k{GlweDimension}-N{PolynomialSize}{(Log2Extension > 0 ? $"x{1 << Log2Extension}" : "")}-{hash}";
    }
}
