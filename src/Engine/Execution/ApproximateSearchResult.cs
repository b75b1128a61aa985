namespace BlindGrain.Engine.Execution;

/// <summary>What an <see cref="ApproximateSearch"/> found.</summary>
/// <param name="Samples">The validation samples.</param>
/// <param name="Tolerance">The accuracy that may be lost, as a fraction.</param>
/// <param name="ClearAccuracy">The accuracy on clear integers.</param>
/// <param name="ClearInterval">Its Wilson interval.</param>
/// <param name="Candidates">Every candidate tried, fastest first; the accepted one, if any, is the last.</param>
public sealed record ApproximateSearchResult(
    int Samples, double Tolerance, double ClearAccuracy, ConfidenceInterval ClearInterval, IReadOnlyList<ApproximateCandidate> Candidates)
{
    /// <summary>The fastest model within the tolerance, or null where no candidate is.</summary>
    public CompiledModel? Best => Candidates.LastOrDefault(c => c.Accepted)?.Model;
}
