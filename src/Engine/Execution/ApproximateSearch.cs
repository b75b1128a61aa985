using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// Finds the fastest parameters whose noise costs a classifier no more accuracy than allowed. A parameter set gives a circuit one sigma, whatever the guard is, so the candidates
/// are the catalogue's sets by rising modelled time, each with its own sigma and six of it kept free at the ends; a set that is noisier than a faster one is passed over. Each is simulated on the validation
/// data until the upper end of the interval of the accuracy lost is within the tolerance, or its lower end beyond it, or enough was tried.
/// The interval is that of many noisy passes over the given data; how well these stand for others, the intervals of the accuracies say.
/// </summary>
public static class ApproximateSearch
{
    /// <summary>What is simulated of a candidate at least, in repetitions of the data if need be, before it can be accepted.</summary>
    private const int Trials = 20_000;

    private const int MaxPasses = 100;

    /// <summary>The samples after which a hopeless candidate is given up.</summary>
    private const int Chunk = 2_000;

    /// <summary>Searches the parameter catalogue.</summary>
    /// <param name="circuit">A classifier: see <see cref="Classification"/>.</param>
    /// <param name="data">Validation samples, apart from those that trained the network.</param>
    /// <param name="tolerance">The accuracy that may be lost, as a fraction, above 0 and below 1 (0.003 is 0.3 points).</param>
    /// <param name="optimizer">Whose times order the candidates.</param>
    /// <param name="seed">The seed of the noise and of the order of the samples; the same seed gives the same search.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="ArgumentException">The circuit has no look-up, the data do not fit it, or the tolerance is out of range.</exception>
    public static ApproximateSearchResult Run(FheCircuit circuit, LabelledInputs data, double tolerance, ParameterOptimizer optimizer, ulong seed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(data);
        if (!(tolerance is > 0 and < 1))
        {
            throw new ArgumentException($"A tolerance of {tolerance * 100:0.####} points is outside 0 to 100.", nameof(tolerance));
        }

        // A file may be sorted by class; the samples that decide first must be like the rest.
        int[] order = [.. Enumerable.Range(0, data.Count)];
        new System.Random((int)seed).Shuffle(order);
        LabelledInputs shuffled = data.Pick(order);
        bool[] clear = shuffled.Right(circuit.Output, new ClearExecutor(circuit).Evaluate(shuffled.Inputs, cancellation).Outputs);
        int right = clear.Count(r => r);
        var tried = new List<ApproximateCandidate>();
        foreach (CompiledModel model in Candidates(circuit, optimizer))
        {
            tried.Add(Try(model, shuffled, clear, tolerance, seed, cancellation) with { Milliseconds = Time(model, optimizer) });
            if (tried[^1].Accepted)
            {
                break;
            }
        }

        return new ApproximateSearchResult(data.Count, tolerance, (double)right / data.Count, ConfidenceInterval.OfProportion(right, data.Count), tried);
    }

    /// <summary>The circuit with each parameter set worth trying, fastest first.</summary>
    /// <exception cref="ArgumentException">The circuit has no look-up.</exception>
    public static IReadOnlyList<CompiledModel> Candidates(FheCircuit circuit, ParameterOptimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(optimizer);
        if (circuit.Bootstraps == 0)
        {
            throw new ArgumentException($"Circuit '{circuit.Name}' has no look-up, so there is nothing to approximate.", nameof(circuit));
        }

        var candidates = new List<CompiledModel>();
        double least = double.PositiveInfinity;
        foreach (CompiledModel model in ParameterCatalog.All
            .Select(p => (Parameters: p, Sigma: CompiledModel.SmallestSigma(circuit, p)))
            .Where(c => c.Sigma <= ExecutionMode.Approximate.MaxSigma)
            .Select(c => CompiledModel.Create(circuit, new ExecutionMode.Approximate(c.Sigma), c.Parameters))
            .OrderBy(m => Time(m, optimizer)))
        {
            double sigma = ((ExecutionMode.Approximate)model.Mode).Sigma;
            if (sigma < least)
            {
                least = sigma;
                candidates.Add(model);
            }
        }

        return candidates;
    }

    private static double Time(CompiledModel model, ParameterOptimizer optimizer) => model.Milliseconds(optimizer.Costs, optimizer.Threads);

    private static ApproximateCandidate Try(CompiledModel model, LabelledInputs data, bool[] clear, double tolerance, ulong seed, CancellationToken cancellation)
    {
        var executor = new NoisyExecutor(model);
        int passes = Math.Clamp((Trials + data.Count - 1) / data.Count, 1, MaxPasses);
        long trials = 0, right = 0, clearOnly = 0, noisyOnly = 0;
        for (int pass = 0; pass < passes; pass++)
        {
            for (int first = 0; first < data.Count; first += Chunk)
            {
                int count = Math.Min(Chunk, data.Count - first);
                LabelledInputs part = data.Pick([.. Enumerable.Range(first, count)]);
                bool[] noisy = part.Right(model.Circuit.Output, executor.Evaluate(part.Inputs, unchecked(seed + (ulong)trials), cancellation).Outputs);
                trials += count;
                for (int i = 0; i < count; i++)
                {
                    right += noisy[i] ? 1 : 0;
                    clearOnly += clear[first + i] && !noisy[i] ? 1 : 0;
                    noisyOnly += noisy[i] && !clear[first + i] ? 1 : 0;
                }

                if (ConfidenceInterval.OfPairedDifference(clearOnly, noisyOnly, trials).Low > tolerance)
                {
                    return Done(accepted: false);
                }
            }
        }

        return Done(ConfidenceInterval.OfPairedDifference(clearOnly, noisyOnly, trials).High <= tolerance);

        ApproximateCandidate Done(bool accepted) => new(
            model,
            trials,
            (double)right / trials,
            ConfidenceInterval.OfProportion(right, trials),
            (double)(clearOnly - noisyOnly) / trials,
            ConfidenceInterval.OfPairedDifference(clearOnly, noisyOnly, trials),
            accepted);
    }
}
