using System.Buffers.Binary;
using BlindGrain.Compiler.Onnx;
using Google.Protobuf;

namespace BlindGrain.Training.Export;

/// <summary>Builds an ONNX graph of float tensors, node by node.</summary>
internal sealed class GraphWriter(string name)
{
    private const string QuantDomain = "qonnx.custom_op.general";
    private const int OnnxOpset = 17;
    private const int IrVersion = 8;

    // ONNX's numbers for element and attribute types.
    private const int FloatElements = 1;
    private const int FloatAttribute = 1;
    private const int IntAttribute = 2;
    private const int StringAttribute = 3;
    private const int IntsAttribute = 7;

    private readonly GraphProto _graph = new() { Name = name };

    /// <summary>A whole-number attribute.</summary>
    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = IntAttribute, I = value };

    /// <summary>An attribute of several whole numbers.</summary>
    public static AttributeProto Ints(string name, params long[] values) => new() { Name = name, Type = IntsAttribute, Ints = { values } };

    /// <summary>A float attribute.</summary>
    public static AttributeProto Float(string name, float value) => new() { Name = name, Type = FloatAttribute, F = value };

    /// <summary>A text attribute.</summary>
    public static AttributeProto Text(string name, string value) => new() { Name = name, Type = StringAttribute, S = ByteString.CopyFromUtf8(value) };

    /// <summary>Appends a node and returns its output's name; Quant lies in QONNX's domain.</summary>
    public string Add(string name, string op, string[] inputs, string? output, params AttributeProto[] attributes)
    {
        string result = output ?? $"{name}_out";
        _graph.Node.Add(new NodeProto
        {
            Name = name,
            OpType = op,
            Domain = op == "Quant" ? QuantDomain : string.Empty,
            Input = { inputs },
            Output = { result },
            Attribute = { attributes },
        });
        return result;
    }

    /// <summary>A constant of floats, row-major; its name.</summary>
    public string Initializer(string name, float[] values, params long[] shape)
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

    /// <summary>The finished model, of one input and one output of logits, with a free batch dimension.</summary>
    public ModelProto Model(string input, int[] inputShape, string output, int classes)
    {
        _graph.Input.Add(Batch(input, inputShape));
        _graph.Output.Add(Batch(output, [classes]));
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "blindgrain-train",
            ProducerVersion = typeof(GraphWriter).Assembly.GetName().Version!.ToString(3),
            Graph = _graph,
            OpsetImport = { new OperatorSetIdProto { Domain = string.Empty, Version = OnnxOpset } },
        };
        if (_graph.Node.Any(n => n.Domain == QuantDomain))
        {
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = QuantDomain, Version = 1 });
        }

        return model;
    }

    private static ValueInfoProto Batch(string name, int[] shape)
    {
        var dims = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "batch" } } };
        dims.Dim.Add(shape.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = FloatElements, Shape = dims } } };
    }
}
