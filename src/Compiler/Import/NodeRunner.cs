using BlindGrain.Compiler.Onnx;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace BlindGrain.Compiler.Import;

/// <summary>Runs single nodes on given tensors: each becomes a model of its own that ONNX Runtime runs.</summary>
internal sealed class NodeRunner(ModelProto model) : IDisposable
{
    private readonly SessionOptions _options = BoundedMemory.CreateOptions();

    /// <summary>The node's outputs, null where one has no name.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">Its inputs, null where one is left out.</param>
    /// <exception cref="UnsupportedModelException">ONNX Runtime cannot compute it, or a result is no tensor of numbers.</exception>
    public Tensor?[] Run(GraphNode node, IReadOnlyList<Tensor?> inputs)
    {
        using InferenceSession session = Open(node, inputs);
        try
        {
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([]);
            var byName = results.ToDictionary(r => r.Name, r => ToTensor(r, node), StringComparer.Ordinal);
            return [.. Enumerable.Range(0, node.Outputs.Count).Select(i => node.Outputs[i].Length > 0 ? byName[$"y{i}"] : null)];
        }
        catch (OnnxRuntimeException e)
        {
            throw CannotCompute(node, e);
        }
    }

    public void Dispose() => _options.Dispose();

    private InferenceSession Open(GraphNode node, IReadOnlyList<Tensor?> inputs)
    {
        NodeProto proto = node.Proto.Clone();
        proto.Input.Clear();
        proto.Output.Clear();
        var graph = new GraphProto { Name = "constant" };
        graph.Node.Add(proto);
        for (int i = 0; i < inputs.Count; i++)
        {
            string name = inputs[i] is null ? "" : $"x{i}";
            proto.Input.Add(name);
            if (inputs[i] is { } tensor)
            {
                graph.Initializer.Add(OnnxFile.ToProto(name, tensor));
            }
        }

        for (int i = 0; i < node.Outputs.Count; i++)
        {
            string name = node.Outputs[i].Length > 0 ? $"y{i}" : "";
            proto.Output.Add(name);
            if (name.Length > 0)
            {
                graph.Output.Add(new ValueInfoProto { Name = name });
            }
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
        new($"Node {node.Label} does not depend on the input's values, but ONNX Runtime cannot compute it: {e.Message}", e);

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
