using BlindGrain.Engine.Execution;

namespace BlindGrain.Compiler.Quantization;

/// <summary>What a sweep over bit-widths needs.</summary>
/// <param name="Onnx">The float model.</param>
/// <param name="Calibration">Calibration samples, flat.</param>
/// <param name="Validation">Labelled samples, flat, other than those of the calibration.</param>
/// <param name="Labels">Their classes, from 0.</param>
public sealed record SweepRequest(byte[] Onnx, IReadOnlyList<float[]> Calibration, IReadOnlyList<float[]> Validation, IReadOnlyList<int> Labels)
{
    /// <summary>Methods, and the bits of outputs; those of inputs, weights and activations are swept.</summary>
    public PostTrainingOptions Options { get; init; } = new();

    /// <summary>The margin of calibrated ranges.</summary>
    public double Margin { get; init; } = 0.1;

    /// <summary>The exact mode that costs are given for.</summary>
    public ExecutionMode Exact { get; init; } = new ExecutionMode.Exact();

    /// <summary>The approximate mode that costs are given for.</summary>
    public ExecutionMode Approximate { get; init; } = new ExecutionMode.Approximate(0.01);
}
