using BlindGrain.Compiler.Onnx;
using Google.Protobuf;

namespace BlindGrain.Compiler.Tests.Onnx;

/// <summary>Models of 16-bit floats.</summary>
public class HalfPrecisionTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(16)]
    public void A_model_of_16_bit_floats_is_compiled_with_its_own_constants(int type)
    {
        var b = new OnnxBuilder(1, 3);
        string weights = b.Constant([3, 2], 0.5f, -0.25f, 1, 0.75f, 0, -1), bias = b.Constant([2], 0.5f, -1.5f);
        string q = b.Quant(b.Node("Cast", ["x"], OnnxBuilder.Int("to", type)), 0.5f, 4);
        byte[] floats = b.Build(b.Node("Add", [b.Node("MatMul", [q, weights]), bias]));
        var model = ModelProto.Parser.ParseFrom(floats);
        model.Graph.Input[0].Type.TensorType.ElemType = type;
        Narrow(model.Graph.Initializer.Single(t => t.Name == weights), type, raw: true);
        Narrow(model.Graph.Initializer.Single(t => t.Name == bias), type, raw: false);
        _ = Agreement.Check(model.ToByteArray(), 3);
        float[] sample = [1.5f, -2, 0.5f];
        using var same = new ReferenceModel(model.ToByteArray());
        Assert.Equal([0.75f - 2 + 0.5f, -0.375f - 1.5f - 0.5f - 1.5f], same.Run(sample));
    }

    private static void Narrow(TensorProto tensor, int type, bool raw)
    {
        ushort[] halves = [.. tensor.FloatData.Select(f => type == 10 ? BitConverter.HalfToUInt16Bits((Half)f) : (ushort)(BitConverter.SingleToInt32Bits(f) >> 16))];
        tensor.FloatData.Clear();
        tensor.DataType = type;
        if (raw)
        {
            tensor.RawData = ByteString.CopyFrom([.. halves.SelectMany(BitConverter.GetBytes)]);
        }
        else
        {
            tensor.Int32Data.Add(halves.Select(h => (int)h));
        }
    }
}
