namespace BlindGrain.Compiler.Onnx;

/// <summary>
/// Makes a model of 16-bit floats (float16, bfloat16) one of 32: every constant keeps its value, and ONNX Runtime computes what the circuit holds exactly with more
/// digits instead of fewer.
/// </summary>
internal static class HalfPrecision
{
    /// <summary>Attributes that name an element type.</summary>
    private static readonly string[] s_types = ["to", "dtype"];

    /// <summary>Widens in place.</summary>
    /// <exception cref="InvalidModelException">A tensor's data do not fit its shape.</exception>
    public static void Widen(ModelProto model)
    {
        GraphProto graph = model.Graph;
        AttributeProto[] attributes = [.. graph.Node.SelectMany(n => n.Attribute)];
        TensorProto?[] tensors = [.. graph.Initializer, .. attributes.Select(a => a.T), .. attributes.SelectMany(a => a.Tensors)];
        foreach (TensorProto? tensor in tensors.Where(t => t is not null && IsHalf(t.DataType)))
        {
            Widen(tensor!);
        }

        foreach (AttributeProto type in attributes.Where(a => s_types.Contains(a.Name) && IsHalf(a.I)))
        {
            type.I = (int)ElementType.Float;
        }

        foreach (TypeProto.Types.Tensor type in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo).Select(v => v.Type?.TensorType).OfType<TypeProto.Types.Tensor>().Where(t => IsHalf(t.ElemType)))
        {
            type.ElemType = (int)ElementType.Float;
        }
    }

    private static bool IsHalf(long type) => (ElementType)type is ElementType.Float16 or ElementType.BFloat16;

    private static void Widen(TensorProto tensor)
    {
        float[] values = OnnxFile.ToTensor(tensor).Data;
        tensor.DataType = (int)ElementType.Float;
        tensor.Int32Data.Clear();
        tensor.RawData = Google.Protobuf.ByteString.Empty;
        tensor.FloatData.Clear();
        tensor.FloatData.Add(values);
    }
}
