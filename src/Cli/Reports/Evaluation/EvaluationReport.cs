namespace BlindGrain.Cli.Reports.Evaluation;

/// <summary>What the user's data say of a model.</summary>
/// <param name="Data">Where they come from.</param>
/// <param name="Samples">How many samples there are.</param>
/// <param name="Labelled">Whether they have labels.</param>
/// <param name="Stages">The accuracy of each stage from the float network to ciphertexts.</param>
/// <param name="HistogramSamples">How many samples the histograms count: the first ones.</param>
/// <param name="Histograms">The accumulators that the samples reach.</param>
/// <param name="EncryptedNote">Why no sample ran encrypted, or null.</param>
/// <param name="OtherMode">What the other mode, at a usual setting, would make of the data by simulation; null where the catalogue has no parameters for it.</param>
internal sealed record EvaluationReport(
    string Data,
    int Samples,
    bool Labelled,
    IReadOnlyList<StageReport> Stages,
    int HistogramSamples,
    IReadOnlyList<HistogramReport> Histograms,
    string? EncryptedNote,
    StageReport? OtherMode)
{
    /// <summary>What the model's own mode makes of the data by simulation.</summary>
    public StageReport? Own => Stages.FirstOrDefault(s => s.Stage == "noisy");
}
