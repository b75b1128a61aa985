using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler;

/// <summary>A circuit, and how it came about.</summary>
/// <param name="Circuit">The circuit.</param>
/// <param name="QuantizedOnnx">The quantized model that it was compiled from, as QONNX or as it was given.</param>
/// <param name="Points">The quantizers that post-training quantization put in, in order of the graph; empty for a model that was quantized already.</param>
/// <param name="Calibrated">The calibrated ranges; null where ranges are the worst case.</param>
/// <param name="Warnings">Sentences for the owner.</param>
public sealed record Compilation(FheCircuit Circuit, byte[] QuantizedOnnx, IReadOnlyList<QuantizationPoint> Points, CalibratedCircuit? Calibrated, IReadOnlyList<string> Warnings);
