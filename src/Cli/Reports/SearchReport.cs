using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Models;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Cli.Reports;

/// <summary>What the search for approximate parameters tried, with exact mode beside it; also the form of its JSON. Accuracies and losses are fractions.</summary>
/// <param name="Samples">The validation samples.</param>
/// <param name="Tolerance">The accuracy that noise may cost.</param>
/// <param name="ClearAccuracy">The accuracy on clear integers.</param>
/// <param name="ClearInterval">Its 95 % interval.</param>
/// <param name="Candidates">Everything tried, fastest first; the last one was taken.</param>
/// <param name="Exact">Exact mode at 2^-40, or null where no parameters run the circuit exactly.</param>
internal sealed record SearchReport(
    int Samples, double Tolerance, double ClearAccuracy, ConfidenceInterval ClearInterval, IReadOnlyList<CandidateReport> Candidates, CandidateCost? Exact)
{
    /// <summary>Searches.</summary>
    /// <exception cref="CommandException">The circuit has no look-up, or no parameters are within the tolerance.</exception>
    public static (CompiledModel Model, SearchReport Report) Run(FheCircuit circuit, LabelledSamples samples, double tolerance, ParameterOptimizer optimizer, CancellationToken cancellation)
    {
        var data = new LabelledInputs([.. samples.Inputs.Select(x => circuit.Input.Quantize(x))], samples.Labels!);
        ApproximateSearchResult result;
        try
        {
            result = ApproximateSearch.Run(circuit, data, tolerance, optimizer, seed: 1, cancellation);
        }
        catch (ArgumentException e)
        {
            throw CommandException.BadInput(ModelSource.OneLine(e), e);
        }

        var report = new SearchReport(result.Samples, tolerance, result.ClearAccuracy, result.ClearInterval, [.. result.Candidates.Select(CandidateReport.Of)], ExactOf(circuit, optimizer));
        return result.Best is { } best ? (best, report) : throw CommandException.BadInput(Failure(result));
    }

    private static CandidateCost? ExactOf(FheCircuit circuit, ParameterOptimizer optimizer)
    {
        try
        {
            var exact = CompiledModel.Create(circuit, new ExecutionMode.Exact(), optimizer);
            return CandidateCost.Of(exact, exact.Milliseconds(optimizer.Costs, optimizer.Threads));
        }
        catch (ArgumentException)
        {
            // That exact mode is out of reach is a finding, not a failure of the search: null says so.
            return null;
        }
    }

    private static string Failure(ApproximateSearchResult result)
    {
        if (result.Candidates.Count == 0)
        {
            return "No parameters of the catalogue have a sigma of at most 5 % on this network: its linear maps amplify noise too much. Use --mode exact, or narrow the network.";
        }

        ApproximateCandidate least = result.Candidates.MinBy(c => c.LossInterval.High)!;
        return ModelReportView.Invariant($"No parameters of the catalogue keep the accuracy within {result.Tolerance * 100:0.###} points of {result.ClearAccuracy * 100:0.00} %. ")
            + ModelReportView.Invariant($"The nearest of {result.Candidates.Count} has sigma {least.Sigma * 100:0.###} % and loses {least.Loss * 100:0.00} points ")
            + ModelReportView.Invariant($"(95 % interval {least.LossInterval.Low * 100:0.00} to {least.LossInterval.High * 100:0.00}). Allow more, give more samples, or use --mode exact.");
    }
}

/// <summary>What a choice of parameters costs.</summary>
/// <param name="Parameters">The parameters' id.</param>
/// <param name="Cost">The modelled cost of one inference in 10^6 operations.</param>
/// <param name="Milliseconds">The modelled milliseconds of one inference.</param>
/// <param name="KeyBytes">Bytes of the evaluation keys that a client uploads once.</param>
internal sealed record CandidateCost(string Parameters, double Cost, double Milliseconds, long KeyBytes)
{
    /// <summary>Of a model.</summary>
    public static CandidateCost Of(CompiledModel model, double milliseconds) => new(model.Parameters.Id, model.Cost, milliseconds, EvaluationKey.FileSize(model.Parameters));
}

/// <summary>One candidate of a search.</summary>
/// <param name="Parameters">The parameters' id.</param>
/// <param name="Sigma">The index's standard deviation, as a fraction of the range.</param>
/// <param name="Cost">The modelled cost of one inference in 10^6 operations.</param>
/// <param name="Milliseconds">The modelled milliseconds of one inference.</param>
/// <param name="KeyBytes">Bytes of the evaluation keys that a client uploads once.</param>
/// <param name="Trials">The samples simulated, repetitions counted.</param>
/// <param name="Accuracy">The accuracy with noise.</param>
/// <param name="AccuracyInterval">Its 95 % interval.</param>
/// <param name="Loss">The accuracy that noise costs.</param>
/// <param name="LossInterval">Its 95 % interval.</param>
/// <param name="Accepted">Whether it was taken.</param>
internal sealed record CandidateReport(
    string Parameters, double Sigma, double Cost, double Milliseconds, long KeyBytes, long Trials, double Accuracy, ConfidenceInterval AccuracyInterval, double Loss, ConfidenceInterval LossInterval, bool Accepted)
{
    /// <summary>Describes a candidate.</summary>
    public static CandidateReport Of(ApproximateCandidate c)
    {
        var cost = CandidateCost.Of(c.Model, c.Milliseconds);
        return new CandidateReport(cost.Parameters, c.Sigma, cost.Cost, cost.Milliseconds, cost.KeyBytes, c.Trials, c.Accuracy, c.AccuracyInterval, c.Loss, c.LossInterval, c.Accepted);
    }
}
