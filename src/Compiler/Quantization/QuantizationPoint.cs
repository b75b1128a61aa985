namespace BlindGrain.Compiler.Quantization;

/// <summary>A quantizer that was put into a float model.</summary>
/// <param name="Tensor">The tensor that it quantizes.</param>
/// <param name="Bits">Its bits.</param>
/// <param name="Scales">Its scale, or one a channel.</param>
/// <param name="ZeroPoint">Its zero-point.</param>
/// <param name="IsWeight">Whether the tensor is constant.</param>
public sealed record QuantizationPoint(string Tensor, int Bits, IReadOnlyList<float> Scales, int ZeroPoint, bool IsWeight);

/// <summary>A float model with quantizers in it, as QONNX.</summary>
/// <param name="Onnx">The bytes of the model.</param>
/// <param name="Points">Its quantizers in order of the graph.</param>
public sealed record QuantizedModel(byte[] Onnx, IReadOnlyList<QuantizationPoint> Points);
