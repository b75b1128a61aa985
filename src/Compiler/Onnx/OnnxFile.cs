using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Operators;
using Google.Protobuf;

namespace BlindGrain.Compiler.Onnx;

/// <summary>Reads ONNX bytes and tensors, from untrusted input.</summary>
internal static class OnnxFile
{
    private const int MaxElements = 1 << 28;
    private const string Readable = "float, double, float16, bfloat16, int4, uint4, int8, uint8, int16, uint16, int32, int64 and bool";

    /// <summary>Parses a model.</summary>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model, or one with data outside the file.</exception>
    public static ModelProto Parse(byte[] bytes)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidModelException($"This is no ONNX file, or a damaged one: {e.Message}", e);
        }

        if (model.Graph is null || model.Graph.Node.Count == 0 || model.OpsetImport.Count == 0)
        {
            throw new InvalidModelException("This is no ONNX file: it has no graph with nodes and operator sets.");
        }

        Check(model);
        OldOperators.Upgrade(model);
        HalfPrecision.Widen(model);
        ChannelsLast.Lower(model.Graph);
        NodeOrder.Sort(model.Graph);
        return model;
    }

    /// <summary>Refuses what ONNX Runtime would follow, expand or repeat without bound.</summary>
    private static void Check(ModelProto model)
    {
        IEnumerable<AttributeProto> attributes = model.Graph.Node.SelectMany(n => n.Attribute);
        foreach (TensorProto tensor in model.Graph.Initializer.Concat(attributes.Select(a => a.T).OfType<TensorProto>()).Concat(attributes.SelectMany(a => a.Tensors)))
        {
            if (tensor.DataLocation != 0)
            {
                throw new InvalidModelException($"Tensor '{tensor.Name}' is stored outside the file; save the model with its data inside.");
            }
        }

        if (model.Graph.SparseInitializer.Count > 0 || attributes.Any(a => !a.SparseTensor.IsEmpty || a.SparseTensors.Count > 0))
        {
            throw new UnsupportedModelException("The model holds sparse tensors; save them as dense ones.");
        }

        if (model.Graph.Node.Select(n => new GraphNode(n)).FirstOrDefault(n => n.HasSubgraph) is { } branching)
        {
            throw new UnsupportedModelException($"Node {branching.Label} holds a graph of its own; export the model without control flow.");
        }

        var functions = model.Functions.Select(f => (f.Domain, f.Name)).ToHashSet();
        if (model.Graph.Node.FirstOrDefault(n => functions.Contains((n.Domain, n.OpType))) is { } call)
        {
            throw new UnsupportedModelException($"Node {new GraphNode(call).Label} calls a function that the model defines; inline the model's functions first (onnx.inliner.inline_local_functions).");
        }

        if (model.Graph.Node.FirstOrDefault(n => !OperatorTable.IsKnownDomain(n.Domain)) is { } foreign)
        {
            throw OperatorTable.Unsupported(new GraphNode(foreign));
        }

        model.Functions.Clear();
    }

    /// <summary>A tensor's shape and elements.</summary>
    /// <exception cref="InvalidModelException">Shape and data do not fit, or the type is not one that is read.</exception>
    public static Tensor ToTensor(TensorProto tensor)
    {
        long count = 1;
        var shape = new int[tensor.Dims.Count];
        for (int i = 0; i < shape.Length; i++)
        {
            long d = tensor.Dims[i];
            if (d is < 0 or > MaxElements || (count *= d) > MaxElements)
            {
                throw new InvalidModelException($"Tensor '{tensor.Name}' has shape [{string.Join(", ", tensor.Dims)}]; no size may be negative, and all elements are at most {MaxElements}.");
            }

            shape[i] = (int)d;
        }

        float[]? data = Elements(tensor, (int)count);
        return data?.Length == count
            ? new Tensor(shape, data, (ElementType)tensor.DataType)
            : throw new InvalidModelException($"Tensor '{tensor.Name}' of shape [{string.Join(", ", shape)}] and element type {tensor.DataType} has no matching data; {Readable} are read.");
    }

    /// <summary>A constant's binary form, in the type that it had. Doubles were rounded to floats when they were read, all of them alike; integers of four bits take eight.</summary>
    public static TensorProto ToProto(string name, Tensor tensor)
    {
        ElementType type = tensor.Type switch
        {
            ElementType.Double => ElementType.Float,
            ElementType.Int4 => ElementType.Int8,
            ElementType.UInt4 => ElementType.UInt8,
            var other => other,
        };
        var proto = new TensorProto { Name = name, DataType = (int)type };
        proto.Dims.Add(tensor.Shape.Select(d => (long)d));
        switch (type)
        {
            case ElementType.Float:
                proto.FloatData.Add(tensor.Data);
                break;
            case ElementType.Int64:
                proto.Int64Data.Add(tensor.Data.Select(d => (long)d));
                break;
            default:
                proto.Int32Data.Add(tensor.Data.Select(d => (int)d));
                break;
        }

        return proto;
    }

    private static float[]? Elements(TensorProto tensor, int count)
    {
        var type = (ElementType)tensor.DataType;
        ReadOnlySpan<byte> raw = tensor.RawData.Span;
        if (raw.IsEmpty)
        {
            return type switch
            {
                ElementType.Float => [.. tensor.FloatData],
                ElementType.Double => [.. tensor.DoubleData.Select(d => (float)d)],
                ElementType.Int64 => [.. tensor.Int64Data.Select(i => (float)i)],
                ElementType.Int8 or ElementType.UInt8 or ElementType.Int16 or ElementType.UInt16 or ElementType.Int32 or ElementType.Bool => [.. tensor.Int32Data.Select(i => (float)i)],
                ElementType.Float16 => [.. tensor.Int32Data.Select(i => (float)BitConverter.UInt16BitsToHalf((ushort)i))],
                ElementType.BFloat16 => [.. tensor.Int32Data.Select(i => BitConverter.Int32BitsToSingle(i << 16))],
                ElementType.Int4 or ElementType.UInt4 => Nibbles([.. tensor.Int32Data.Select(i => (byte)i)], count, type == ElementType.Int4),
                _ => null,
            };
        }

        if (type is ElementType.Int4 or ElementType.UInt4)
        {
            return Nibbles(raw, count, type == ElementType.Int4);
        }

        int size = type switch
        {
            ElementType.Float or ElementType.Int32 => 4,
            ElementType.Double or ElementType.Int64 => 8,
            ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 or ElementType.UInt16 => 2,
            ElementType.Int8 or ElementType.UInt8 or ElementType.Bool => 1,
            _ => 0,
        };
        if (size == 0 || raw.Length != (long)count * size)
        {
            return null;
        }

        var data = new float[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> element = raw.Slice(i * size, size);
            data[i] = type switch
            {
                ElementType.Float => BitConverter.ToSingle(element),
                ElementType.Int32 => BitConverter.ToInt32(element),
                ElementType.Double => (float)BitConverter.ToDouble(element),
                ElementType.Int64 => BitConverter.ToInt64(element),
                ElementType.Float16 => (float)BitConverter.ToHalf(element),
                ElementType.BFloat16 => BitConverter.Int32BitsToSingle(BitConverter.ToUInt16(element) << 16),
                ElementType.Int16 => BitConverter.ToInt16(element),
                ElementType.UInt16 => BitConverter.ToUInt16(element),
                ElementType.Int8 => (sbyte)element[0],
                _ => element[0],
            };
        }

        return data;
    }

    /// <summary>Integers of four bits, two a byte, the first in the low half.</summary>
    private static float[]? Nibbles(ReadOnlySpan<byte> bytes, int count, bool signed)
    {
        if (bytes.Length != (count + 1) / 2)
        {
            return null;
        }

        var data = new float[count];
        for (int i = 0; i < count; i++)
        {
            int nibble = (bytes[i / 2] >> (4 * (i % 2))) & 15;
            data[i] = signed && nibble > 7 ? nibble - 16 : nibble;
        }

        return data;
    }
}
