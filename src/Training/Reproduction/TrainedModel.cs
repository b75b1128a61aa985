using BlindGrain.Engine.Circuits;
using BlindGrain.Training.Data;

namespace BlindGrain.Training.Reproduction;

/// <summary>One trained network of a row.</summary>
/// <param name="Result">Its figures.</param>
/// <param name="Circuit">Its integer circuit, of worst-case ranges: what exact mode runs.</param>
/// <param name="Calibrated">The circuit of the ranges that training data reach, with a margin: what approximate mode runs.</param>
/// <param name="Test">The test samples.</param>
internal sealed record TrainedModel(SeedResult Result, FheCircuit Circuit, FheCircuit Calibrated, Dataset Test)
{
    /// <summary>The classes that the network as it was trained gives to <see cref="DecisionRegions.Grid"/>; null where no picture is drawn of it.</summary>
    public long[]? TrainedGrid { get; init; }

    /// <summary>What the network as it was trained is called in pictures.</summary>
    public string TrainedName { get; init; } = "as trained, quantized";
}
