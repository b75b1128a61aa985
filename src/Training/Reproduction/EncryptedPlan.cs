using BlindGrain.Engine.Execution;

namespace BlindGrain.Training.Reproduction;

/// <summary>An encrypted run.</summary>
/// <param name="Mode">Exact or approximate.</param>
/// <param name="Samples">The first of the test samples.</param>
/// <param name="OverRest">Through REST, a gateway and a silo in this process; else the engine alone.</param>
/// <param name="MaxSeconds">What an inference may take to meet the goal; null for none.</param>
internal sealed record EncryptedPlan(ExecutionMode Mode, int Samples, bool OverRest, double? MaxSeconds)
{
    /// <summary>How its results go.</summary>
    public string Way => OverRest ? "REST" : "engine";

    /// <summary>Whether a result is of this plan.</summary>
    public bool Made(EncryptedResult result) => (result.Mode, result.Way, result.Samples) == (Mode.ToString(), Way, Samples);
}
