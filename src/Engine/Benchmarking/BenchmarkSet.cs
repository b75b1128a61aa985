using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Benchmarking;

/// <summary>A parameter set to measure, by name.</summary>
/// <param name="Name">The name, such as "tfhe-rs-2_2", "exact-6-2^-40" or "approximate-7".</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="MessageBits">The bits of the messages whose decryption is checked.</param>
/// <param name="Plan">How much of the set's precision a bootstrap uses.</param>
/// <param name="Tolerance">How many entries a decryption may be off before it counts as wrong: 0 where look-ups are exact, six deviations else.</param>
public sealed record BenchmarkSet(string Name, ParameterSet Parameters, int MessageBits, RotationPlan Plan, int Tolerance = 0)
{
    /// <summary>The squared 2-norm of the linear map that our own sets leave room for.</summary>
    public const double SquaredNorm = 16;

    /// <summary>
    /// The shapes of tfhe-rs 1.x's published sets (its shortint parameters, version 1.7), named by message and carry bits, with our noise: time depends on
    /// the shape alone.
    /// </summary>
    public static IReadOnlyList<BenchmarkSet> Published { get; } =
    [
        Create("tfhe-rs-1_0", 1, 747, 6, 256, 17, 1, 4, 3),
        Create("tfhe-rs-2_0", 2, 846, 3, 512, 17, 1, 5, 3),
        Create("tfhe-rs-3_0", 3, 884, 2, 1024, 23, 1, 5, 3),
        Create("tfhe-rs-1_1-2^-40", 2, 750, 3, 512, 17, 1, 4, 3),
        Create("tfhe-rs-2_2", 4, 918, 1, 2048, 23, 1, 4, 4),
        Create("tfhe-rs-2_2-2^-64", 4, 833, 1, 2048, 23, 1, 3, 5),
        Create("tfhe-rs-5_0", 5, 931, 1, 4096, 23, 1, 3, 6),
        Create("tfhe-rs-3_3", 6, 1006, 1, 8192, 15, 2, 3, 7),
        Create("tfhe-rs-7_0", 7, 1055, 1, 16384, 15, 2, 2, 11),
        Create("tfhe-rs-8_0", 8, 1098, 1, 65536, 15, 2, 3, 7),
    ];

    /// <summary>
    /// What the optimizer takes from our catalogue, by the reference times: for exact look-ups of 1 to 8 bits at 2^-40, 2^-64 and 2^-128, and for a 7-bit
    /// accumulator read with a standard deviation of 0.4 of its units.
    /// </summary>
    public static IReadOnlyList<BenchmarkSet> Own { get; } =
    [
        .. from log2PError in new[] { -40, -64, -128 }
           from bits in Enumerable.Range(1, 8)
           let parameters = ParameterOptimizer.Default.ForExact(bits, SquaredNorm, log2PError)
           where parameters is not null
           select new BenchmarkSet($"exact-{bits}-2^{log2PError}", parameters, bits, RotationPlan.Cheapest(parameters, plan => Log2PError(parameters, plan, bits) <= log2PError)),
        Approximate(7, 0.4),
    ];

    /// <summary>
    /// The free optimum by the reference times, without regard to a catalogue, for what tfhe-rs's published set of the same bits and probability leaves room for: sums
    /// of <see cref="PeerSquaredNorm"/>. To compare with those sets; models take theirs from the catalogue.
    /// </summary>
    public static IReadOnlyList<BenchmarkSet> Optimum { get; } =
    [
        .. (from log2PError in new[] { -40, -64, -128 }
            from bits in Enumerable.Range(1, 8)
            select (bits, log2PError)).AsParallel().AsOrdered().Select(row => FreeOptimum(row.bits, row.log2PError)),
    ];

    /// <summary>Every set.</summary>
    public static IEnumerable<BenchmarkSet> All => Published.Concat(Own).Concat(Optimum);

    /// <summary>
    /// The squared 2-norm that tfhe-rs's published set of these bits allows: 1 for a message without carry; at 2^-40 only sets with as many carry bits as message bits are
    /// published, whose largest factor is (2^p − 1)/(2^(p/2) − 1).
    /// </summary>
    internal static double PeerSquaredNorm(int bits, int log2PError) =>
        log2PError == -40 && bits % 2 == 0 ? Math.Pow(((1 << bits) - 1) / ((1 << (bits / 2)) - 1), 2) : 1;

    private static BenchmarkSet FreeOptimum(int bits, int log2PError)
    {
        double norm = PeerSquaredNorm(bits, log2PError), allowed = NoiseModel.LargestVariance(Math.Pow(2, -(bits + 2)), log2PError);
        ParameterSet p = ParameterSearch.ByTime(CostModel.Reference).Cheapest(norm, _ => allowed)
            ?? throw new InvalidOperationException($"No parameters look {bits} bits up at 2^{log2PError}.");
        return new BenchmarkSet($"optimum-{bits}-2^{log2PError}", p, bits, RotationPlan.Cheapest(p, plan => NoiseModel.AtLookup(p, norm, plan) <= allowed));
    }

    private static double Log2PError(ParameterSet p, RotationPlan plan, int bits) =>
        NoiseModel.Log2PError(Math.Pow(2, -(bits + 2)), NoiseModel.AtLookup(p, SquaredNorm, plan));

    private static BenchmarkSet Approximate(int bits, double units)
    {
        double sigma = units / (1 << bits);
        ParameterSet p = ParameterOptimizer.Default.ForSigma(sigma, SquaredNorm)
            ?? throw new InvalidOperationException($"The catalogue has no set for a sigma of {sigma}.");
        RotationPlan plan = RotationPlan.Cheapest(p, plan => Math.Sqrt(NoiseModel.AtLookup(p, SquaredNorm, plan)) / 0.5 <= sigma);
        return new BenchmarkSet($"approximate-{bits}", p, bits, plan, (int)Math.Ceiling(6 * units));
    }

    private static BenchmarkSet Create(string name, int bits, int n, int k, int size, int beta, int levels, int keyswitchBeta, int keyswitchLevels) =>
        new(name, new ParameterSet(new(n), new(k), new(size), new(beta, levels), new(keyswitchBeta, keyswitchLevels)), bits, default);
}
