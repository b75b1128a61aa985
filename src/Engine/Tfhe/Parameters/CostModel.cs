namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// How long bootstraps take: the built-in reference machine's times (<see cref="Reference"/>), the same everywhere, or those measured
/// on one machine. A key switch takes kN·l·(n+1) multiply-adds, a blind rotation n·(2^(ν+1) + 2^−ν)/3 CMUX whose time depends on the
/// shape (k, N, l, ν). Immutable; a shape that was not measured takes the reference's time, scaled as the measured shapes are on average.
/// </summary>
/// <param name="Machine">What was measured: processor, instruction set, engine build; or "reference".</param>
/// <param name="Threads">The threads of the busy times.</param>
/// <param name="KeyswitchTerm">One multiply-add of a key switch.</param>
/// <param name="KeyswitchBatch">The ciphertexts of a key switch's full batch.</param>
/// <param name="Rotations">The measured shapes; none in the reference.</param>
public sealed record CostModel(string Machine, int Threads, UnitTime KeyswitchTerm, int KeyswitchBatch, IReadOnlyList<RotationTime> Rotations)
{
    /// <summary>The built-in model: what compilation chooses by unless it is told to measure, so that it gives the same everywhere.</summary>
    public static CostModel Reference { get; } = new("reference", 1, ReferenceTimes.KeyswitchTerm, ReferenceTimes.KeyswitchBatch, []);

    /// <summary>Whether this model was measured.</summary>
    public bool IsMeasured => Rotations.Count > 0;

    /// <summary>The milliseconds that a key switch with its modulus switch takes of one thread's time.</summary>
    /// <param name="p">The parameters.</param>
    /// <param name="batch">The ciphertexts that are switched together, at least 1; from a full batch on, more change nothing.</param>
    /// <param name="threads">The threads that do so at once.</param>
    /// <param name="from">The dimension of the ciphertexts that are switched; null for that of the set's own.</param>
    public double KeyswitchMilliseconds(ParameterSet p, int batch = int.MaxValue, int threads = 1, LweDimension? from = null)
    {
        Require(p, batch, threads);
        double terms = (double)(from ?? p.BigDimension).Value * p.Keyswitch.Levels * (p.SmallDimension.Value + 1);
        return terms * KeyswitchTerm.At(batch, KeyswitchBatch, threads > 1) / 1e6;
    }

    /// <summary>The milliseconds that a blind rotation takes of one thread's time, by a plan.</summary>
    /// <param name="p">The parameters.</param>
    /// <param name="plan">How much of their precision is used.</param>
    /// <param name="batch">The ciphertexts that are rotated together, at least 1; from a full batch on, more change nothing.</param>
    /// <param name="threads">The threads that do so at once.</param>
    public double RotationMilliseconds(ParameterSet p, RotationPlan plan, int batch = int.MaxValue, int threads = 1)
    {
        Require(p, batch, threads);
        RotationTime? measured = Find(p, plan.Log2Extension);
        double step = measured is null
            ? ReferenceTimes.Step(p.GlweDimension.Value, p.PolynomialSize.Value, p.Bootstrap.Levels, plan.Log2Extension).At(batch, FullBatch(p, plan), threads > 1) * Scale(batch, threads)
            : measured.Step.At(batch, measured.Batch, threads > 1);
        return p.SmallDimension.Value * plan.StepsPerElement * step / 1e6;
    }

    /// <summary>The milliseconds that a blind rotation with all of the set's precision takes of one thread's time.</summary>
    /// <inheritdoc cref="RotationMilliseconds(ParameterSet, RotationPlan, int, int)"/>
    public double RotationMilliseconds(ParameterSet p, int batch = int.MaxValue, int threads = 1) => RotationMilliseconds(p, RotationPlan.Full(p), batch, threads);

    /// <summary>The milliseconds that a whole bootstrap takes of one thread's time.</summary>
    /// <inheritdoc cref="RotationMilliseconds(ParameterSet, RotationPlan, int, int)"/>
    public double BootstrapMilliseconds(ParameterSet p, int batch = int.MaxValue, int threads = 1) =>
        KeyswitchMilliseconds(p, batch, threads) + RotationMilliseconds(p, batch, threads);

    /// <summary>The milliseconds until <paramref name="count"/> bootstraps that do not wait for each other are done, spread over the threads.</summary>
    /// <param name="p">The parameters.</param>
    /// <param name="plan">How much of their precision is used.</param>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="threads">The threads, at least 1.</param>
    /// <param name="from">The dimension of the ciphertexts that are read; null for that of the set's own.</param>
    public double LayerMilliseconds(ParameterSet p, RotationPlan plan, int count, int threads, LweDimension? from = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Require(p, 1, threads);
        int share = (count + threads - 1) / threads, busy = Math.Min(Math.Max(count, 1), threads);
        double Time(int full, Func<int, double> one) => ((share - (share % full)) * one(full)) + (share % full == 0 ? 0 : share % full * one(share % full));
        return Time(KeyswitchBatch, b => KeyswitchMilliseconds(p, b, busy, from)) + Time(FullBatch(p, plan), b => RotationMilliseconds(p, plan, b, busy));
    }

    private static void Require(ParameterSet p, int batch, int threads)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
    }

    /// <summary>The shape, or the nearest smaller extension of it: beyond a few accumulators a step's time grows no more.</summary>
    private RotationTime? Find(ParameterSet p, int log2Extension) => Rotations
        .Where(r => r.GlweDimension == p.GlweDimension.Value && r.PolynomialSize == p.PolynomialSize.Value && r.Levels == p.Bootstrap.Levels)
        .Where(r => r.Log2Extension <= log2Extension && (r.Log2Extension > 0) == (log2Extension > 0))
        .MaxBy(r => r.Log2Extension);

    private int FullBatch(ParameterSet p, RotationPlan plan) => Find(p, plan.Log2Extension)?.Batch ?? ReferenceTimes.BatchOf(p.PolynomialSize.Value, plan.Log2Extension);

    private double Scale(int batch, int threads)
    {
        if (!IsMeasured)
        {
            return 1;
        }

        double logs = Rotations.Sum(r =>
        {
            double reference = ReferenceTimes.Step(r.GlweDimension, r.PolynomialSize, r.Levels, r.Log2Extension).At(batch, r.Batch, threads > 1);
            return Math.Log(r.Step.At(batch, r.Batch, threads > 1) / reference);
        });
        return Math.Exp(logs / Rotations.Count);
    }
}
