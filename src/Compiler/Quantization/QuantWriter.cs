using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler.Quantization;

/// <summary>Appends a QONNX quantizer to a graph.</summary>
internal sealed class QuantWriter(GraphProto graph, string output)
{
    public void Write(string tensor, IReadOnlyList<float> scales, int[] scaleShape, int zeroPoint, int bits, bool signed)
    {
        var writer = new NodeWriter(graph, $"{output}/settings");
        string scale = writer.Constant(scaleShape, [.. scales]);
        bool bipolar = signed && bits == 1;
        var node = new NodeProto { OpType = bipolar ? "BipolarQuant" : "Quant", Domain = "qonnx.custom_op.general", Name = output, Output = { output }, Input = { tensor, scale } };
        if (!bipolar)
        {
            node.Input.Add(writer.Scalar(zeroPoint));
            node.Input.Add(writer.Scalar(bits));
            node.Attribute.Add(Attributes.Int("signed", signed ? 1 : 0));
            node.Attribute.Add(Attributes.Int("narrow", signed ? 1 : 0));
            node.Attribute.Add(Attributes.Text("rounding_mode", "ROUND"));
        }

        graph.Node.Add(node);
    }
}
