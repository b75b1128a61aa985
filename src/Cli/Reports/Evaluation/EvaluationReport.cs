namespace BlindGrain.Cli.Reports.Evaluation;

/// <summary>What the user's data say of a model.</summary>
/// <param name="Data">Where they come from.</param>
/// <param name="Samples">How many samples there are.</param>
/// <param name="Labelled">Whether they have labels.</param>
/// <param name="Stages">The accuracy of each stage from the float network to ciphertexts.</param>
/// <param name="HistogramSamples">How many samples the histograms count: the first ones.</param>
/// <param name="Histograms">The accumulators that the samples reach.</param>
/// <param name="EncryptedNote">Why no sample ran encrypted, or null.</param>
internal sealed record EvaluationReport(
    string Data,
    int Samples,
    bool Labelled,
    IReadOnlyList<StageReport> Stages,
    int HistogramSamples,
    IReadOnlyList<HistogramReport> Histograms,
    string? EncryptedNote);
