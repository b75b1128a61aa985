using BlindGrain.Compiler.Onnx;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace BlindGrain.Compiler.Import;

/// <summary>Computes nodes on constants alone: each becomes a model of its own that ONNX Runtime runs.</summary>
internal sealed class ConstantFolder(ModelProto model) : IDisposable
{
    /// <summary>Operators whose constant inputs are integers (shapes, indices, axes): their floats here go back to int64.</summary>
    private static readonly HashSet<string> s_integral = new(StringComparer.Ordinal) { "Gather", "Concat", "Unsqueeze", "Squeeze", "Slice", "Range", "ConstantOfShape", "Expand", "Tile" };

    private readonly SessionOptions _options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, IntraOpNumThreads = 1 };
    private readonly HashSet<string> _integers = [.. model.Graph.Initializer.Where(t => t.DataType is 6 or 7).Select(t => t.Name)];

    /// <summary>Binds the outputs of a node to its results.</summary>
    /// <exception cref="UnsupportedModelException">ONNX Runtime cannot compute it, or the result is no tensor of numbers.</exception>
    public void Fold(GraphNode node, ImportContext context)
    {
        var graph = new GraphProto { Name = "constant" };
        graph.Node.Add(node.Proto);
        foreach (string input in node.Inputs.Where(i => i.Length > 0).Distinct())
        {
            Tensor tensor = ((ConstantValue)context.Value(input)).Tensor;
            graph.Initializer.Add(ToProto(input, tensor, IsInteger(node, input)));
        }

        foreach (string output in node.Outputs.Where(o => o.Length > 0))
        {
            graph.Output.Add(new ValueInfoProto { Name = output });
        }

        var single = new ModelProto { IrVersion = Math.Clamp(model.IrVersion, 3, 10), Graph = graph };
        single.OpsetImport.Add(model.OpsetImport);
        try
        {
            using var session = new InferenceSession(single.ToByteArray(), _options);
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([]);
            foreach (DisposableNamedOnnxValue result in results)
            {
                context.Bind(result.Name, new ConstantValue(ToTensor(result, node)));
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw new UnsupportedModelException($"Node {node.Label} works on constants only, but ONNX Runtime cannot compute it: {e.Message}", e);
        }
    }

    public void Dispose() => _options.Dispose();

    private bool IsInteger(GraphNode node, string name) => _integers.Contains(name) || s_integral.Contains(node.OpType);

    private static TensorProto ToProto(string name, Tensor tensor, bool integer)
    {
        var proto = new TensorProto { Name = name, DataType = integer ? 7 : 1 };
        proto.Dims.Add(tensor.Shape.Select(d => (long)d));
        if (integer)
        {
            proto.Int64Data.Add(tensor.Data.Select(d => (long)d));
        }
        else
        {
            proto.FloatData.Add(tensor.Data);
        }

        return proto;
    }

    private Tensor ToTensor(DisposableNamedOnnxValue result, GraphNode node)
    {
        switch (result.Value)
        {
            case DenseTensor<float> floats:
                return new Tensor(floats.Dimensions.ToArray(), floats.Buffer.ToArray());
            case DenseTensor<double> doubles:
                return new Tensor(doubles.Dimensions.ToArray(), [.. doubles.Buffer.ToArray().Select(d => (float)d)]);
            case DenseTensor<long> longs:
                _ = _integers.Add(result.Name);
                return new Tensor(longs.Dimensions.ToArray(), [.. longs.Buffer.ToArray().Select(d => (float)d)]);
            case DenseTensor<int> ints:
                return new Tensor(ints.Dimensions.ToArray(), [.. ints.Buffer.ToArray().Select(d => (float)d)]);
            default:
                throw new UnsupportedModelException($"Node {node.Label} yields a constant of type {result.ElementType}; float, double, int32 and int64 are supported.");
        }
    }
}
