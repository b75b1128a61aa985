namespace BlindGrain.Engine.Execution;

/// <summary>One try of an <see cref="ApproximateSearch"/>.</summary>
/// <param name="Model">The circuit with the candidate's parameters and sigma.</param>
/// <param name="Trials">The samples that were simulated, every repetition counted.</param>
/// <param name="Accuracy">The fraction of them with the right class.</param>
/// <param name="AccuracyInterval">Its Wilson interval.</param>
/// <param name="Loss">The accuracy that noise costs: clear minus noisy, over the same trials; may be negative.</param>
/// <param name="LossInterval">Its interval for paired proportions.</param>
/// <param name="Accepted">Whether the interval's upper end is within the tolerance.</param>
public sealed record ApproximateCandidate(
    CompiledModel Model, long Trials, double Accuracy, ConfidenceInterval AccuracyInterval, double Loss, ConfidenceInterval LossInterval, bool Accepted)
{
    /// <summary>The sigma of the candidate's mode.</summary>
    public double Sigma => ((ExecutionMode.Approximate)Model.Mode).Sigma;

    /// <summary>The modelled milliseconds of one inference, by the search's optimizer.</summary>
    public double Milliseconds { get; init; }

    /// <summary>The modelled cost of one inference in 10^6 operations.</summary>
    public double Cost => Model.Cost;

    /// <summary>Bytes of the seeded evaluation keys.</summary>
    public long KeyBytes => Model.Parameters.SeededKeyBytes;
}
