namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// Finds the cheapest parameters on the 132-bit curve for a noise at the look-up, over all n, k, N, ν and gadgets: what the catalogue's sets
/// are taken from, and what its losses are measured against. The total is ν₂·V(rotation) + V(key switch) + V(modulus switch), ν₂ being the
/// squared 2-norm of the linear map before the look-up.
/// </summary>
/// <param name="stepCost">The cost of one CMUX of k, N, l, ν.</param>
/// <param name="keyswitchTermCost">The cost of one of the kN·l·(n+1) multiply-adds of a key switch.</param>
internal sealed class ParameterSearch(Func<int, int, int, int, double> stepCost, double keyswitchTermCost)
{
    private const int MinDimension = 500, MaxDimension = 1200, MaxBigDimension = 1 << 16;

    /// <summary>The unit of <see cref="ParameterSet.Cost"/>, 10^6 operations.</summary>
    public static ParameterSearch ByOperations { get; } = new((k, size, levels, _) => ParameterSet.OperationsOfCmux(k, size, levels), 2e-6);

    /// <summary>
    /// Milliseconds by a cost model on one thread: the mean of a bootstrap alone, which waits for the memory, and one in a full batch. Small
    /// layers see the one and large layers the other.
    /// </summary>
    public static ParameterSearch ByTime(CostModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        const int Dimension = 1000;
        var steps = new Dictionary<(int, int, int, int), double>();
        double Step(int k, int size, int levels, int log2Extension)
        {
            (int, int, int, int) shape = (k, size, levels, log2Extension);
            if (!steps.TryGetValue(shape, out double step))
            {
                var p = new ParameterSet(new(Dimension), new(k), new(size), new(levels == 1 ? 23 : 30 / levels, levels), new(4, 3), log2Extension);
                step = (model.RotationMilliseconds(p, 1) + model.RotationMilliseconds(p)) / 2 / (Dimension * new RotationPlan(log2Extension).StepsPerElement);
                steps[shape] = step;
            }

            return step;
        }

        return new ParameterSearch(Step, (model.KeyswitchTerm.Alone + model.KeyswitchTerm.Batched) / 2 / 1e6);
    }

    /// <summary>The cheapest set, or null where none is quiet enough.</summary>
    /// <param name="squaredNorm">ν₂, at least 0.</param>
    /// <param name="allowedVariance">The most variance at the look-up, relative to the torus, by the table's size.</param>
    /// <param name="maxLog2Extension">The widest extension, 0 to 6.</param>
    public ParameterSet? Cheapest(double squaredNorm, Func<int, double> allowedVariance, int maxLog2Extension = ParameterSet.MaxLog2Extension)
    {
        ArgumentNullException.ThrowIfNull(allowedVariance);
        var best = new Candidate(double.MaxValue, 0, 0, 0, 0, default, default);
        for (int log2Size = 8; log2Size <= 16; log2Size++)
        {
            for (int k = 1; k << log2Size <= MaxBigDimension && k <= 6; k++)
            {
                if (k << log2Size < MinDimension)
                {
                    continue;
                }

                for (int extension = 0; extension <= maxLog2Extension && log2Size + extension <= 17; extension++)
                {
                    best = Shape(k, new PolynomialSize(1 << log2Size), extension, squaredNorm, allowedVariance(1 << (log2Size + extension)), best);
                }
            }
        }

        return best.Cost == double.MaxValue
            ? null
            : new ParameterSet(new(best.Small), new(best.GlweDimension), new(best.Size), best.Bootstrap, best.Keyswitch, best.Log2Extension);
    }

    private Candidate Shape(int k, PolynomialSize size, int extension, double squaredNorm, double allowed, Candidate best)
    {
        int big = k * size.Value;
        double bigStd = SecurityCurve.Log2Std132(big), rounding = NoiseModel.Rounding32(big);
        for (int levels = 1; levels <= 4; levels++)
        {
            double rotation = stepCost(k, size.Value, levels, extension) * new RotationPlan(extension).StepsPerElement;
            if (rotation * MinDimension >= best.Cost)
            {
                break;
            }

            // The quietest base is the best one: it costs the same.
            Decomposition gadget = Enumerable.Range(1, Math.Min(30, 60 / levels)).Select(b => new Decomposition(b, levels)).MinBy(d => NoiseModel.Cmux(k, size, d, bigStd));
            double cmux = NoiseModel.Cmux(k, size, gadget, bigStd);
            for (int n = MinDimension; n <= MaxDimension && n * rotation < best.Cost; n++)
            {
                double left = allowed - (squaredNorm * ((n * cmux) + rounding)) - NoiseModel.ModulusSwitch(n, size.Value << extension);
                if (left <= 0)
                {
                    break;
                }

                double smallStd = SecurityCurve.Log2Std132(n);
                for (int keyswitchLevels = 1; keyswitchLevels <= 15; keyswitchLevels++)
                {
                    double cost = (n * rotation) + ((double)big * keyswitchLevels * (n + 1) * keyswitchTermCost);
                    if (cost >= best.Cost)
                    {
                        break;
                    }

                    for (int beta = 1; beta <= 16 && beta * keyswitchLevels <= 31; beta++)
                    {
                        var keyswitch = new Decomposition(beta, keyswitchLevels);
                        if (cost < best.Cost && NoiseModel.Keyswitch(big, keyswitch, smallStd) <= left)
                        {
                            best = new Candidate(cost, n, k, size.Value, extension, gadget, keyswitch);
                        }
                    }
                }
            }
        }

        return best;
    }

    private readonly record struct Candidate(double Cost, int Small, int GlweDimension, int Size, int Log2Extension, Decomposition Bootstrap, Decomposition Keyswitch);
}
