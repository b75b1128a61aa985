namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// Picks the catalogue's fastest set for a precision or a noise, by a cost model and a number of threads. By the reference model it picks the
/// same everywhere. Immutable and thread-safe.
/// </summary>
/// <param name="costs">The times to compare.</param>
/// <param name="threads">The threads that share a layer's look-ups, at least 1.</param>
/// <param name="maxSets">The most sets for one circuit, 1 to 4.</param>
public sealed class ParameterOptimizer(CostModel costs, int threads, int maxSets = ParameterSuite.MaxSets)
{
    /// <summary>A further set must take this share off the modelled time of an inference: its keys are uploaded, kept in memory and read.</summary>
    public const double WorthwhileShare = 0.1;

    /// <summary>By the reference model, on one thread.</summary>
    public static ParameterOptimizer Default { get; } = new(CostModel.Reference, 1);

    /// <summary>The times to compare.</summary>
    public CostModel Costs { get; } = costs ?? throw new ArgumentNullException(nameof(costs));

    /// <summary>The threads that share a layer's look-ups.</summary>
    public int Threads { get; } = threads >= 1 ? threads : throw new ArgumentOutOfRangeException(nameof(threads), threads, "At least one thread computes.");

    /// <summary>The most sets for one circuit.</summary>
    public int MaxSets { get; } = maxSets is >= 1 and <= ParameterSuite.MaxSets ? maxSets : throw new ArgumentOutOfRangeException(nameof(maxSets), maxSets, "A circuit takes 1 to 4 parameter sets.");

    /// <summary>
    /// The fastest set of those that pass, or null where none does. Each is taken with all of its precision: what a plan saves the easier look-ups comes
    /// on top.
    /// </summary>
    /// <param name="meets">Whether a set is quiet enough.</param>
    /// <param name="layers">The look-ups of each layer: those of one layer run at once, layers one after the other.</param>
    public ParameterSet? Fastest(Func<ParameterSet, bool> meets, IReadOnlyCollection<int> layers)
    {
        ArgumentNullException.ThrowIfNull(meets);
        ArgumentNullException.ThrowIfNull(layers);
        return ParameterCatalog.All.Select(p => (Set: p, Time: Milliseconds(p, layers))).OrderBy(c => c.Time).FirstOrDefault(c => meets(c.Set)).Set;
    }

    /// <summary>The fastest set for exact look-ups of whole bits, many at once, or null where none is quiet enough.</summary>
    /// <param name="bits">The message's bits, 1 to 16.</param>
    /// <param name="squaredNorm">The squared 2-norm of the linear map before the look-up, whose inputs are bootstraps' outputs.</param>
    /// <param name="log2PError">log2 of the probability that a look-up reads a neighbour's entry.</param>
    public ParameterSet? ForExact(int bits, double squaredNorm, double log2PError)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 16);
        double tolerance = Math.Pow(2, -(bits + 2));
        return Fastest(p => NoiseModel.Log2PError(tolerance, NoiseModel.AtLookup(p, squaredNorm)) <= log2PError, [ManyLookups]);
    }

    /// <summary>The fastest set for a standard deviation of the look-up's index, many look-ups at once, or null where none is quiet enough.</summary>
    /// <param name="sigma">Relative to the half torus that carries the range: 0.005 is 0.5 %.</param>
    /// <param name="squaredNorm">As in <see cref="ForExact"/>.</param>
    public ParameterSet? ForSigma(double sigma, double squaredNorm) =>
        Fastest(p => Math.Sqrt(NoiseModel.AtLookup(p, squaredNorm)) / 0.5 <= sigma, [ManyLookups]);

    /// <summary>The milliseconds of all layers with all of a set's precision.</summary>
    public double Milliseconds(ParameterSet p, IReadOnlyCollection<int> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return layers.Sum(count => Costs.LayerMilliseconds(p, RotationPlan.Full(p), count, Threads));
    }

    /// <summary>Enough that every thread has full batches.</summary>
    private int ManyLookups => 64 * Threads;
}
