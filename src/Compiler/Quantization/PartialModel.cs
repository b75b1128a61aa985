using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace BlindGrain.Compiler.Quantization;

/// <summary>The nodes of a model between some tensors and others, as a session of ONNX Runtime: what was computed once need not be computed again.</summary>
internal sealed class PartialModel : IDisposable
{
    private readonly SessionOptions _options = BoundedMemory.CreateOptions();
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string[] _outputs;

    /// <summary>Cuts the part out and loads it.</summary>
    /// <param name="model">The model; QONNX quantizers are rewritten.</param>
    /// <param name="outputs">The tensors wanted.</param>
    /// <param name="known">The shapes of tensors that are given when the part runs, where it needs them.</param>
    /// <exception cref="InvalidModelException">ONNX Runtime refuses the part.</exception>
    public PartialModel(ModelProto model, string[] outputs, IReadOnlyDictionary<string, int[]> known)
    {
        _outputs = outputs;
        ModelProto part = Cut(model, outputs, known, out List<string> reads);
        Reads = reads;
        try
        {
            _session = new InferenceSession(part.ToByteArray(), _options);
        }
        catch (OnnxRuntimeException e)
        {
            Dispose();
            throw new InvalidModelException($"ONNX Runtime refuses the model: {e.Message}", e);
        }
    }

    /// <summary>Which of the known tensors the part reads.</summary>
    public IReadOnlyList<string> Reads { get; }

    /// <summary>The outputs for one sample, with their shapes.</summary>
    /// <param name="inputs">The tensors of <see cref="Reads"/>.</param>
    /// <exception cref="InvalidModelException">ONNX Runtime fails, or an output is not of floats.</exception>
    public (float[] Values, int[] Shape)[] Run(IReadOnlyDictionary<string, (float[] Values, int[] Shape)> inputs)
    {
        var values = new Dictionary<string, OrtValue>(StringComparer.Ordinal);
        try
        {
            foreach (string name in Reads)
            {
                (float[] data, int[] shape) = inputs[name];
                values.Add(name, OrtValue.CreateTensorValueFromMemory(data, [.. shape.Select(d => (long)d)]));
            }

            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(_run, values, _outputs);
            return [.. results.Select(r => (r.GetTensorDataAsSpan<float>().ToArray(), r.GetTensorTypeAndShape().Shape.Select(d => (int)d).ToArray()))];
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidModelException($"ONNX Runtime cannot run the model on the calibration data: {e.Message}", e);
        }
        finally
        {
            foreach (OrtValue value in values.Values)
            {
                value.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _session?.Dispose();
        _run.Dispose();
        _options.Dispose();
    }

    private static ModelProto Cut(ModelProto model, string[] outputs, IReadOnlyDictionary<string, int[]> known, out List<string> reads)
    {
        var needed = new HashSet<string>(outputs, StringComparer.Ordinal);
        var nodes = new List<NodeProto>();
        foreach (NodeProto node in model.Graph.Node.Reverse())
        {
            if (node.Output.Any(o => needed.Contains(o) && !known.ContainsKey(o)))
            {
                nodes.Add(node);
                needed.UnionWith(node.Input);
            }
        }

        nodes.Reverse();
        reads = [.. known.Keys.Where(needed.Contains)];
        var graph = new GraphProto { Name = "part" };
        graph.Node.Add(nodes);
        graph.Initializer.Add(model.Graph.Initializer.Where(t => needed.Contains(t.Name)));
        foreach (string name in reads)
        {
            var shape = new TensorShapeProto();
            shape.Dim.Add(known[name].Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
            graph.Input.Add(new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)ElementType.Float, Shape = shape } } });
        }

        graph.Output.Add(outputs.Select(o => new ValueInfoProto { Name = o }));
        var part = new ModelProto { IrVersion = Math.Clamp(model.IrVersion, 4, 10), Graph = graph };
        part.OpsetImport.Add(model.OpsetImport);
        QonnxRewriter.Rewrite(part);
        return part;
    }
}
