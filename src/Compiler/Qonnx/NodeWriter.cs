using System.Globalization;
using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler;

/// <summary>Appends standard nodes and constants to a graph, under names that begin with a prefix of their own.</summary>
internal sealed class NodeWriter(GraphProto graph, string prefix)
{
    private int _count;

    /// <summary>Appends a node and returns its output's name.</summary>
    public string Add(string op, params string[] inputs) => Add(op, inputs, []);

    public string Add(string op, string[] inputs, params AttributeProto[] attributes)
    {
        string output = NextName();
        graph.Node.Add(new NodeProto { OpType = op, Name = output, Output = { output }, Input = { inputs }, Attribute = { attributes } });
        return output;
    }

    /// <summary>Appends a node whose output has a given name.</summary>
    public void AddNamed(string op, string output, string[] inputs, params AttributeProto[] attributes) =>
        graph.Node.Add(new NodeProto { OpType = op, Name = NextName(), Output = { output }, Input = { inputs }, Attribute = { attributes } });

    /// <summary>A constant without axes.</summary>
    public string Scalar(float value)
    {
        string name = NextName();
        graph.Initializer.Add(new TensorProto { Name = name, DataType = (int)ElementType.Float, FloatData = { value } });
        return name;
    }

    /// <summary>A constant of floats.</summary>
    public string Constant(int[] shape, float[] values)
    {
        string name = NextName();
        graph.Initializer.Add(new TensorProto { Name = name, DataType = (int)ElementType.Float, Dims = { shape.Select(d => (long)d) }, FloatData = { values } });
        return name;
    }

    /// <summary>A list of whole numbers; without any, the shape of a tensor without axes.</summary>
    public string Integers(params long[] values)
    {
        string name = NextName();
        graph.Initializer.Add(new TensorProto { Name = name, DataType = (int)ElementType.Int64, Dims = { values.Length }, Int64Data = { values } });
        return name;
    }

    private string NextName() => $"{prefix}/{(_count++).ToString(CultureInfo.InvariantCulture)}";
}
