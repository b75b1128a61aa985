using BlindGrain.Compiler.Quantization;

namespace BlindGrain.Compiler;

/// <summary>All that decides how an ONNX file, float or quantized, becomes a circuit.</summary>
/// <param name="Onnx">The bytes of the file.</param>
/// <param name="Name">The circuit's name.</param>
public sealed record CompilationRequest(byte[] Onnx, string Name)
{
    /// <summary>Limits, and rounding.</summary>
    public CompileOptions Options { get; init; } = new();

    /// <summary>How a float model is quantized; null for a model that is quantized already.</summary>
    public PostTrainingOptions? Quantization { get; init; }

    /// <summary>Samples for quantization and for calibrated ranges, flat; null where there are none.</summary>
    public IReadOnlyList<float[]>? Calibration { get; init; }

    /// <summary>The margin of ranges calibrated on the samples, 0 to 10; null for worst-case ranges.</summary>
    public double? Margin { get; init; }
}
