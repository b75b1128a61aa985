using BlindGrain.Compiler.Onnx;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace BlindGrain.Compiler.Import;

/// <summary>Computes nodes on constants alone: each becomes a model of its own that ONNX Runtime runs.</summary>
internal sealed class ConstantFolder(ModelProto model) : IDisposable
{
    /// <summary>Operators that give something else at each run; a circuit made with them could not be made again.</summary>
    private static readonly HashSet<string> s_random = new(StringComparer.Ordinal) { "Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike" };

    private readonly SessionOptions _options = BoundedMemory.CreateOptions();

    /// <summary>Binds the outputs of a node to its results.</summary>
    /// <exception cref="UnsupportedModelException">ONNX Runtime cannot compute it, or the result is no tensor of numbers.</exception>
    public void Fold(GraphNode node, ImportContext context)
    {
        // A loop on constants need not end.
        if (node.HasSubgraph)
        {
            throw new UnsupportedModelException($"Node {node.Label} holds a graph of its own; export the model without control flow.");
        }

        if (s_random.Contains(node.OpType))
        {
            throw new UnsupportedModelException($"Node {node.Label} yields random numbers; replace it by a constant.");
        }

        using var session = Open(node, context);
        try
        {
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([]);
            foreach (DisposableNamedOnnxValue result in results)
            {
                context.Bind(result.Name, new ConstantValue(ToTensor(result, node)));
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw CannotCompute(node, e);
        }
    }

    public void Dispose() => _options.Dispose();

    private InferenceSession Open(GraphNode node, ImportContext context)
    {
        var graph = new GraphProto { Name = "constant" };
        graph.Node.Add(node.Proto);
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            if (node.Inputs[i].Length > 0 && graph.Initializer.All(t => t.Name != node.Inputs[i]))
            {
                graph.Initializer.Add(ToProto(node.Inputs[i], context.Constant(node, i, "an input")));
            }
        }

        foreach (string output in node.Outputs.Where(o => o.Length > 0))
        {
            graph.Output.Add(new ValueInfoProto { Name = output });
        }

        var single = new ModelProto { IrVersion = Math.Clamp(model.IrVersion, 3, 10), Graph = graph };
        single.OpsetImport.Add(model.OpsetImport);
        try
        {
            return new InferenceSession(single.ToByteArray(), _options);
        }
        catch (OnnxRuntimeException e)
        {
            throw CannotCompute(node, e);
        }
    }

    private static UnsupportedModelException CannotCompute(GraphNode node, OnnxRuntimeException e) =>
        new($"Node {node.Label} works on constants only, but ONNX Runtime cannot compute it: {e.Message}", e);

    private static TensorProto ToProto(string name, Tensor tensor)
    {
        // Doubles were rounded to floats when they were read, all of them alike.
        ElementType type = tensor.Type == ElementType.Double ? ElementType.Float : tensor.Type;
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

    private static Tensor ToTensor(DisposableNamedOnnxValue result, GraphNode node) => result.Value switch
    {
        DenseTensor<float> t => Convert(t, v => v, ElementType.Float),
        DenseTensor<double> t => Convert(t, v => (float)v, ElementType.Float),
        DenseTensor<long> t => Convert(t, v => v, ElementType.Int64),
        DenseTensor<int> t => Convert(t, v => v, ElementType.Int32),
        DenseTensor<sbyte> t => Convert(t, v => v, ElementType.Int8),
        DenseTensor<byte> t => Convert(t, v => v, ElementType.UInt8),
        DenseTensor<bool> t => Convert(t, v => v ? 1 : 0, ElementType.Bool),
        _ => throw new UnsupportedModelException($"Node {node.Label} yields a constant that is no tensor of float, double, int8, uint8, int32, int64 or bool."),
    };

    private static Tensor Convert<T>(DenseTensor<T> tensor, Func<T, float> convert, ElementType type) =>
        new(tensor.Dimensions.ToArray(), [.. tensor.Buffer.ToArray().Select(convert)], type);
}
