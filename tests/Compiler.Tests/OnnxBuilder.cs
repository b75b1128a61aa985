using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;
using Google.Protobuf;

namespace BlindGrain.Compiler.Tests;

/// <summary>Builds small ONNX models, node by node.</summary>
internal sealed class OnnxBuilder
{
    private readonly ModelProto _model = new() { IrVersion = 8, Graph = new GraphProto { Name = "test" } };
    private int _names;

    public OnnxBuilder(params int[] inputShape)
    {
        _model.OpsetImport.Add(new OperatorSetIdProto { Version = 13 });
        var shape = new TensorShapeProto();
        shape.Dim.Add(inputShape.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        _model.Graph.Input.Add(new ValueInfoProto { Name = "x", Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = shape } } });
    }

    public OnnxBuilder WithOpset(long version)
    {
        _model.OpsetImport[0].Version = version;
        return this;
    }

    public string Constant(int[] shape, params float[] data)
    {
        string name = $"c{_names++}";
        var tensor = new TensorProto { Name = name, DataType = 1 };
        tensor.Dims.Add(shape.Select(d => (long)d));
        tensor.FloatData.Add(data);
        _model.Graph.Initializer.Add(tensor);
        return name;
    }

    public string Integers(params long[] data)
    {
        string name = $"c{_names++}";
        _model.Graph.Initializer.Add(new TensorProto { Name = name, DataType = 7, Dims = { data.Length }, Int64Data = { data } });
        return name;
    }

    /// <summary>A constant of another type than float.</summary>
    public string Typed(ElementType type, int[] shape, params float[] data)
    {
        string name = $"c{_names++}";
        _model.Graph.Initializer.Add(OnnxFile.ToProto(name, new Tensor(shape, data, type)));
        return name;
    }

    /// <summary>A constant of integers of 4, 8 or 16 bits, as its own type is stored.</summary>
    public string Integer(ElementType type, int[] shape, params float[] data)
    {
        string name = $"c{_names++}";
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        tensor.Dims.Add(shape.Select(d => (long)d));
        tensor.Int32Data.Add(type is ElementType.Int4 or ElementType.UInt4 ? data.Chunk(2).Select(p => ((int)p[0] & 15) | (((int)p[^1] & 15) << 4)) : data.Select(d => (int)d));
        _model.Graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>Constant weights of −3 to 3 quarters, in 3 bits.</summary>
    public string Weights(params int[] shape)
    {
        int length = shape.Aggregate(1, (a, b) => a * b);
        return Quant(Constant(shape, [.. Enumerable.Range(0, length).Select(i => ((i * 5 % 7) - 3) / 4f)]), 0.25f, 3);
    }

    /// <summary>A node with several outputs.</summary>
    public string[] Nodes(string op, string[] inputs, int outputs, params AttributeProto[] attributes)
    {
        string first = Node(op, inputs, attributes);
        NodeProto node = _model.Graph.Node[^1];
        for (int o = 1; o < outputs; o++)
        {
            node.Output.Add($"{first}_{o}");
        }

        return [.. node.Output];
    }

    public string Node(string op, string[] inputs, params AttributeProto[] attributes) => NodeIn("", op, inputs, attributes);

    public string NodeIn(string domain, string op, string[] inputs, params AttributeProto[] attributes)
    {
        string output = $"{op.ToLowerInvariant()}{_names++}";
        _model.Graph.Node.Add(new NodeProto { OpType = op, Domain = domain, Name = output, Input = { inputs }, Output = { output }, Attribute = { attributes } });
        if (domain.Length > 0 && _model.OpsetImport.All(o => o.Domain != domain))
        {
            _model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = 1 });
        }

        return output;
    }

    public string Quant(string input, float scale, int bits, bool signed = true, bool narrow = false, float zeroPoint = 0, string domain = "qonnx.custom_op.general") =>
        NodeIn(domain, "Quant", [input, Constant([], scale), Constant([], zeroPoint), Constant([], bits)], Int("signed", signed ? 1 : 0), Int("narrow", narrow ? 1 : 0), Text("rounding_mode", "ROUND"));

    public static AttributeProto Int(string name, long value) => new() { Name = name, I = value, Type = 2 };

    public static AttributeProto Float(string name, float value) => new() { Name = name, F = value, Type = 1 };

    public static AttributeProto Text(string name, string value) => new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = 3 };

    public static AttributeProto Ints(string name, params long[] values) => new() { Name = name, Ints = { values }, Type = 7 };

    public byte[] Build(params string[] outputs)
    {
        _model.Graph.Output.Clear();
        _model.Graph.Output.Add(outputs.Select(o => new ValueInfoProto { Name = o }));
        return _model.ToByteArray();
    }
}
