using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Compiler.Operators;
using Google.Protobuf;

namespace BlindGrain.Compiler.Quantization;

/// <summary>
/// Post-training quantization: puts QONNX quantizers into a float model, where its operators need integers, in order of the graph. Each is calibrated on what
/// reaches it when everything before it is quantized already.
/// </summary>
public static class PostTrainingQuantizer
{
    /// <summary>Whether a model holds quantizers already: then it needs no calibration data, unless something is left open.</summary>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model.</exception>
    public static bool IsQuantized(byte[] onnx)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        return OnnxFile.Parse(onnx).Graph.Node.Any(n => OperatorTable.IsQonnx(new GraphNode(n)) || n.OpType.Contains("QLinear", StringComparison.Ordinal)
            || n.OpType is "QuantizeLinear" or "DequantizeLinear" or "DynamicQuantizeLinear" or "MatMulInteger" or "ConvInteger" or "QGemm");
    }

    /// <summary>The shape of a model's input without the batch axis; open sizes count as one.</summary>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model.</exception>
    /// <exception cref="UnsupportedModelException">The model has several inputs, or one without a shape.</exception>
    public static int[] InputShape(byte[] onnx)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        int[] shape = ModelInput.Of(OnnxFile.Parse(onnx), sampleLength: 0).Shape;
        return shape.Length > 1 ? shape[1..] : shape;
    }

    /// <summary>Quantizes a float model, or what a partly quantized model left open: its input, often.</summary>
    /// <param name="onnx">The bytes of an ONNX file. Quantizers in it stay as they are.</param>
    /// <param name="samples">Calibration data: inputs of the model, flat; some hundred are plenty.</param>
    /// <param name="options">Widths and methods.</param>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model, or ONNX Runtime cannot run it.</exception>
    /// <exception cref="UnsupportedModelException">The model has several inputs, or control flow.</exception>
    /// <exception cref="ArgumentException">There are no samples, or they do not fit the model's input; a setting is outside its range.</exception>
    public static QuantizedModel Quantize(byte[] onnx, IReadOnlyList<float[]> samples, PostTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ModelProto model = OnnxFile.Parse(onnx);
        IReadOnlyList<QuantizationPoint> points = new GraphQuantizer(model, samples, options).Run();
        return new QuantizedModel(model.ToByteArray(), points);
    }
}
