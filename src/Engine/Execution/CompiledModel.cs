using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// A circuit with the mode and the parameters it runs with: what a <c>.bgc</c> file holds, what clients encrypt for and
/// silos execute. Holds nothing secret. Immutable and thread-safe.
/// </summary>
public sealed class CompiledModel
{
    /// <summary>In approximate mode, this many standard deviations are kept free at each end of a look-up's range.</summary>
    public const double GuardSigmas = 6;

    private readonly NoiseAnalysis _noise;
    private readonly PolynomialCache _tables;
    private readonly LookupSchedule _schedule;

    private CompiledModel(FheCircuit circuit, ExecutionMode mode, ParameterPlan parameters, ValueEncoding encoding)
    {
        Circuit = circuit;
        Mode = mode;
        ParameterPlan = parameters;
        Encoding = encoding;
        _tables = new PolynomialCache(circuit, encoding);
        (_schedule, _noise) = new LookupPlanner(circuit, encoding, parameters, mode, new LinearNorms(circuit)).Plan();
    }

    /// <summary>The circuit.</summary>
    public FheCircuit Circuit { get; }

    /// <summary>What the parameters were chosen for.</summary>
    public ExecutionMode Mode { get; }

    /// <summary>The parameters that keys must be for: usually one set, several where that pays.</summary>
    public ParameterSuite Parameters => ParameterPlan.Suite;

    /// <summary>The parameter set of each look-up.</summary>
    public ParameterPlan ParameterPlan { get; }

    /// <summary>How the circuit's integers lie on the torus.</summary>
    public ValueEncoding Encoding { get; }

    /// <summary>The modelled cost of one evaluation, in 10^6 operations.</summary>
    public double Cost => _schedule.All.Sum(work => work.Rotations.Count * work.Parameters.Cost);

    /// <summary>The modelled milliseconds of one evaluation: its look-ups, layer after layer. Linear steps take little beside them and are left out. Key blocks are timed as uniform keys, an upper bound.</summary>
    /// <param name="costs">Whose times: <see cref="CostModel.Reference"/>, or those measured on a machine.</param>
    /// <param name="threads">The threads that share each layer, at least 1.</param>
    public double Milliseconds(CostModel costs, int threads)
    {
        ArgumentNullException.ThrowIfNull(costs);
        return _schedule.Milliseconds(Circuit, ParameterPlan, costs, threads);
    }

    /// <summary>The modelled milliseconds of one of <see cref="AllWork"/>.</summary>
    /// <inheritdoc cref="Milliseconds(CostModel, int)"/>
    public double Milliseconds(LookupWork work, CostModel costs, int threads)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(costs);
        return LookupSchedule.Milliseconds(work, Circuit, ParameterPlan, costs, threads);
    }

    /// <summary>The dimension of the ciphertexts of value <paramref name="value"/>: kN of the big key that they are under.</summary>
    public LweDimension DimensionOf(int value) => ParameterPlan.BigKeyOf(value).BigDimension;

    /// <summary>Expands an encrypted input.</summary>
    /// <exception cref="ArgumentException">It is for other parameters.</exception>
    public LweBatch Expand(SeededLweList input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Expand(Parameters, ParameterPlan.BigKeyOf(0));
    }

    /// <summary>Chooses the catalogue's fastest parameters by the reference times, the same on every machine, that meet the mode at every step; several sets where that pays.</summary>
    /// <inheritdoc cref="Create(FheCircuit, ExecutionMode, ParameterOptimizer)"/>
    public static CompiledModel Create(FheCircuit circuit, ExecutionMode mode) => Create(circuit, mode, ParameterOptimizer.Default);

    /// <summary>Chooses the optimizer's fastest parameters that meet the mode at every step; several sets where that pays.</summary>
    /// <exception cref="ArgumentException">No parameters do: the message names the widest step and its bits.</exception>
    public static CompiledModel Create(FheCircuit circuit, ExecutionMode mode, ParameterOptimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(optimizer);
        ValueEncoding encoding = EncodingFor(circuit, mode);
        ParameterPlan parameters = new ParameterPlanner(circuit, encoding, mode, optimizer).Fastest()
            ?? throw new ArgumentException($"No parameters of the catalogue run circuit '{circuit.Name}' in {mode} mode: {Widest(circuit, encoding)} Narrow it (fewer bits or non-zero weights), or allow a larger error.", nameof(circuit));
        return new CompiledModel(circuit, mode, parameters, encoding);
    }

    /// <summary>Chooses parameters for a key distribution: the cheapest ones that meet the mode at every step.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="keys">Uniform, or block-binary: faster, on a younger assumption (SECURITY.md), and for tables of at most 2048 entries.</param>
    /// <exception cref="ArgumentException">No parameters do: the message names the widest step and its bits.</exception>
    public static CompiledModel Create(FheCircuit circuit, ExecutionMode mode, KeyDistribution keys)
    {
        if (keys.IsUniform)
        {
            return Create(circuit, mode);
        }

        ArgumentNullException.ThrowIfNull(circuit);
        ValueEncoding encoding = EncodingFor(circuit, mode);
        var norms = new LinearNorms(circuit);
        ParameterSet parameters = ParameterCatalog.For(keys).FirstOrDefault(p => new LookupPlanner(circuit, encoding, ParameterPlan.Of(circuit, p), mode, norms).Meets())
            ?? throw new ArgumentException($"No parameters with {keys} run circuit '{circuit.Name}' in {mode} mode: {Widest(circuit, encoding)} Narrow it (fewer bits or non-zero weights), allow a larger error, or take uniform keys.", nameof(circuit));
        return new CompiledModel(circuit, mode, ParameterPlan.Of(circuit, parameters), encoding);
    }

    /// <summary>
    /// The catalogue's fastest parameters, by the reference times, for a circuit, were every range <paramref name="widening"/> times as wide as it is (with weights as they
    /// are): what the next bit would cost. Null where none meet the mode.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="widening">2 for one bit more, 0.5 for one bit less; positive.</param>
    public static ParameterPlan? FindParameters(FheCircuit circuit, ExecutionMode mode, double widening = 1)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(widening);
        double guard = GuardFor(mode);
        return ValueEncoding.Fits(circuit, guard, widening) ? new ParameterPlanner(circuit, new ValueEncoding(circuit, guard, widening), mode, ParameterOptimizer.Default).Fastest() : null;
    }

    /// <summary>Takes the given parameters for all look-ups.</summary>
    /// <exception cref="ArgumentException">They do not meet the mode at every step.</exception>
    public static CompiledModel Create(FheCircuit circuit, ExecutionMode mode, ParameterSet parameters) => Create(circuit, mode, ParameterPlan.Of(circuit, parameters));

    /// <summary>Takes the given parameters.</summary>
    /// <exception cref="ArgumentException">They do not meet the mode at every step.</exception>
    public static CompiledModel Create(FheCircuit circuit, ExecutionMode mode, ParameterPlan parameters)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(parameters);
        ValueEncoding encoding = EncodingFor(circuit, mode);
        return new LookupPlanner(circuit, encoding, parameters, mode, new LinearNorms(circuit)).Meets()
            ? new CompiledModel(circuit, mode, parameters, encoding)
            : throw new ArgumentException($"Parameters {parameters.Suite} do not run circuit '{circuit.Name}' in {mode} mode: {Widest(circuit, encoding)}", nameof(parameters));
    }

    /// <summary>
    /// The smallest sigma of approximate mode that parameters meet for a circuit, rounded up to a thousandth of a percent and at least <see cref="ExecutionMode.Approximate.MinSigma"/>: a phase's error
    /// does not depend on how the circuit's integers are laid out, so a parameter set has one for each circuit. It may be more than approximate mode allows.
    /// </summary>
    /// <exception cref="ArgumentException">The circuit has a range too wide for 32-bit ciphertext words.</exception>
    public static double SmallestSigma(FheCircuit circuit, ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(parameters);
        var noise = new NoiseAnalysis(circuit, new ValueEncoding(circuit, 0), ParameterPlan.Of(circuit, parameters), new LinearNorms(circuit));
        double sigma = Enumerable.Range(0, circuit.Steps.Count).Where(s => circuit.Steps[s] is LookupStep).Select(s => noise.SigmaAt(s, RotationPlan.Full(parameters))).DefaultIfEmpty(0).Max();
        return Math.Max(ExecutionMode.Approximate.MinSigma, Math.Ceiling(sigma * 1e5) / 1e5);
    }

    /// <summary>Writes the <c>.bgc</c> file; the same model always gives the same bytes.</summary>
    public void Write(Stream stream) => CompiledModelFormat.Write(this, stream);

    /// <summary>Reads a <c>.bgc</c> file; the stream need not seek.</summary>
    /// <exception cref="FormatException">Not such a file, of another version, truncated or corrupted; the message says which.</exception>
    public static CompiledModel Read(Stream stream) => CompiledModelFormat.Read(stream);

    /// <summary>The probability that one look-up of step <paramref name="step"/> reads a wrong entry, as log2, by the noise model.</summary>
    /// <exception cref="ArgumentException">The step is no look-up.</exception>
    public double Log2PError(int step) => _noise.Log2PError(step, Plan(step));

    /// <summary>The standard deviation of a look-up's index in step <paramref name="step"/>, as a fraction of the range's half torus.</summary>
    /// <exception cref="ArgumentException">The step is no look-up.</exception>
    public double Sigma(int step) => _noise.SigmaAt(step, Plan(step));

    /// <summary>How much of the parameters' precision look-up step <paramref name="step"/> uses: as little as the mode allows.</summary>
    /// <exception cref="ArgumentException">The step is no look-up.</exception>
    public RotationPlan Plan(int step) => Work(step).Plan;

    /// <summary>The blind rotations that compute look-up step <paramref name="step"/>, and perhaps others with it.</summary>
    /// <exception cref="ArgumentException">The step is no look-up.</exception>
    public LookupWork Work(int step)
    {
        _ = Lookup(step);
        return _schedule[step]!;
    }

    /// <summary>All work of one evaluation, in order.</summary>
    public IEnumerable<LookupWork> AllWork => _schedule.All;

    /// <summary>The blind rotations of one evaluation: the circuit's look-ups, less those that come from another one's rotation.</summary>
    public int Rotations => _schedule.Rotations;

    /// <summary>For <paramref name="count"/> rotations of a look-up's work, the torus words that each reads; equal ones are shared.</summary>
    internal ulong[][] Tables(LookupWork work, int firstRotation, int count) => _tables.Get(work, firstRotation, count, work.Plan.Boxes(work.Parameters));

    /// <summary>The step as a look-up.</summary>
    internal LookupStep Lookup(int step) => step >= 0 && step < Circuit.Steps.Count && Circuit.Steps[step] is LookupStep lookup
        ? lookup
        : throw new ArgumentException($"Step {step} of circuit '{Circuit.Name}' is no look-up.", nameof(step));

    private static ValueEncoding EncodingFor(FheCircuit circuit, ExecutionMode mode) => new(circuit, GuardFor(mode));

    /// <summary>The fraction of the half torus that a mode keeps free at each end of a range.</summary>
    private static double GuardFor(ExecutionMode mode) => mode switch
    {
        ExecutionMode.Exact { Log2PError: >= -128 and <= -5 } => 0,
        ExecutionMode.Approximate { Sigma: >= ExecutionMode.Approximate.MinSigma and <= ExecutionMode.Approximate.MaxSigma } approximate => GuardSigmas * approximate.Sigma,
        ExecutionMode.Exact exact => throw new ArgumentException($"A p_error of 2^{exact.Log2PError} is outside 2^-128 to 2^-5.", nameof(mode)),
        ExecutionMode.Approximate approximate => throw new ArgumentException($"A sigma of {approximate.Sigma * 100:0.####} % is outside 0.05 % to 5 % of the range.", nameof(mode)),
        _ => throw new ArgumentNullException(nameof(mode)),
    };

    private static string Widest(FheCircuit circuit, ValueEncoding encoding)
    {
        LookupStep? widest = circuit.Steps.OfType<LookupStep>().MaxBy(s => encoding.Width(s.Source));
        long width = encoding.Width(widest?.Source ?? circuit.Output.Value);
        return $"the widest look-up is '{widest?.Name ?? "none"}', whose input takes {width} values ({Math.Log2(width):0.#} bits).";
    }
}
