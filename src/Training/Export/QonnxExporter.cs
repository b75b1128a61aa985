using System.Buffers.Binary;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Layers;
using BlindGrain.Training.Networks;
using Google.Protobuf;

namespace BlindGrain.Training.Export;

/// <summary>
/// Writes a <see cref="QuantMlp"/> as QONNX (Pappalardo et al., "QONNX: Representing Arbitrary-Precision Quantized Neural
/// Networks", 2022): a standard ONNX graph whose Quant nodes take x, scale, zero-point and bit-width. Weights stay float, each
/// tensor behind a Quant node of its own; the batch dimension is free.
/// </summary>
internal sealed class QonnxExporter
{
    private const string QuantDomain = "qonnx.custom_op.general";
    private const int OnnxOpset = 17;
    private const int IrVersion = 8;

    // ONNX's numbers for element and attribute types.
    private const int FloatElements = 1;
    private const int IntAttribute = 2;
    private const int StringAttribute = 3;

    private readonly GraphProto _graph;

    private QonnxExporter(string name)
    {
        _graph = new GraphProto { Name = name };
    }

    /// <summary>The network as an ONNX model.</summary>
    /// <param name="network">The trained network.</param>
    /// <param name="name">The graph's name.</param>
    /// <param name="inputName">The name of the input tensor.</param>
    /// <param name="outputName">The name of the output tensor, the logits.</param>
    public static ModelProto Export(QuantMlp network, string name, string inputName, string outputName)
    {
        var exporter = new QonnxExporter(name);
        GraphProto graph = exporter._graph;
        graph.Input.Add(Batch(inputName, network.Options.Features[0]));
        string value = exporter.Quant("input_quant", inputName, network.Options.Input);
        for (int i = 0; i < network.LinearLayers.Count; i++)
        {
            bool last = i == network.LinearLayers.Count - 1;
            value = exporter.Linear($"fc{i + 1}", value, network.LinearLayers[i], last ? outputName : null);
            if (!last)
            {
                value = exporter.Relu($"relu{i + 1}", value);
                value = exporter.Quant($"relu{i + 1}_quant", value, network.Activations[i].ActivationQuantizer);
            }
        }

        graph.Output.Add(Batch(outputName, network.Options.Features[^1]));
        return new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "blindgrain-train",
            ProducerVersion = typeof(QonnxExporter).Assembly.GetName().Version!.ToString(3),
            Graph = graph,
            OpsetImport =
            {
                new OperatorSetIdProto { Domain = string.Empty, Version = OnnxOpset },
                new OperatorSetIdProto { Domain = QuantDomain, Version = 1 },
            },
        };
    }

    private static ValueInfoProto Batch(string name, int features) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = FloatElements,
                Shape = new TensorShapeProto
                {
                    Dim =
                    {
                        new TensorShapeProto.Types.Dimension { DimParam = "batch" },
                        new TensorShapeProto.Types.Dimension { DimValue = features },
                    },
                },
            },
        },
    };

    private static AttributeProto Int(string name, long value) =>
        new() { Name = name, Type = IntAttribute, I = value };

    private string Linear(string name, string source, QuantLinear layer, string? output)
    {
        string weight = Initializer($"{name}.weight", layer.Weights(), layer.OutFeatures, layer.InFeatures);
        var node = new NodeProto { Name = name, OpType = "Gemm" };
        node.Input.Add([source, Quant($"{name}_weight_quant", weight, layer.WeightQuantizer), Initializer($"{name}.bias", layer.Biases(), layer.OutFeatures)]);
        node.Attribute.Add(Int("transB", 1));
        return Add(node, output);
    }

    private string Relu(string name, string source)
    {
        var node = new NodeProto { Name = name, OpType = "Relu" };
        node.Input.Add(source);
        return Add(node, null);
    }

    private string Quant(string name, string source, UniformQuantizer quantizer)
    {
        var node = new NodeProto { Name = name, OpType = "Quant", Domain = QuantDomain };
        node.Input.Add(
        [
            source,
            Initializer($"{name}.scale", [quantizer.Scale]),
            Initializer($"{name}.zeropt", [quantizer.ZeroPoint]),
            Initializer($"{name}.bitwidth", [quantizer.Bits]),
        ]);
        node.Attribute.Add(Int("signed", quantizer.Signed ? 1 : 0));
        node.Attribute.Add(Int("narrow", quantizer.Narrow ? 1 : 0));
        node.Attribute.Add(new AttributeProto { Name = "rounding_mode", Type = StringAttribute, S = ByteString.CopyFromUtf8("ROUND") });
        return Add(node, null);
    }

    private string Add(NodeProto node, string? output)
    {
        string result = output ?? $"{node.Name}_out";
        node.Output.Add(result);
        _graph.Node.Add(node);
        return result;
    }

    private string Initializer(string name, float[] values, params long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = FloatElements };
        tensor.Dims.Add(shape);
        var bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        tensor.RawData = ByteString.CopyFrom(bytes);
        _graph.Initializer.Add(tensor);
        return name;
    }
}
