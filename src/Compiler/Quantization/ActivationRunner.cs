using BlindGrain.Compiler.Onnx;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace BlindGrain.Compiler.Quantization;

/// <summary>Runs a part of a model by ONNX Runtime, to see what a tensor of it holds.</summary>
internal sealed class ActivationRunner(ModelProto model, string input, long[] shape)
{
    /// <summary>The values of a tensor for each sample, and its shape.</summary>
    /// <exception cref="InvalidModelException">ONNX Runtime refuses the model, or the tensor is not of floats.</exception>
    public (float[][] Values, int[] Shape) Run(string tensor, IReadOnlyList<float[]> samples)
    {
        (float[], int[])[] results = [.. RunAll(tensor, samples)];
        return ([.. results.Select(r => r.Item1)], results[0].Item2);
    }

    /// <summary>A tensor that does not depend on the input.</summary>
    public (float[] Values, int[] Shape) Constant(string tensor) => RunAll(tensor, []).First();

    private IEnumerable<(float[] Values, int[] Shape)> RunAll(string tensor, IReadOnlyList<float[]> samples)
    {
        ModelProto part = Part(tensor, out bool reads);
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using InferenceSession session = Open(part, options);
        using var run = new RunOptions();
        foreach (float[]? sample in reads ? samples : [null!])
        {
            yield return RunOne(session, run, tensor, sample);
        }
    }

    private static InferenceSession Open(ModelProto part, SessionOptions options)
    {
        try
        {
            return new InferenceSession(part.ToByteArray(), options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidModelException($"ONNX Runtime refuses the model: {e.Message}", e);
        }
    }

    private (float[] Values, int[] Shape) RunOne(InferenceSession session, RunOptions run, string tensor, float[]? sample)
    {
        try
        {
            using OrtValue? value = sample is null ? null : OrtValue.CreateTensorValueFromMemory(sample, shape);
            Dictionary<string, OrtValue> inputs = value is null ? [] : new() { [input] = value };
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, inputs, [tensor]);
            return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), [.. outputs[0].GetTensorTypeAndShape().Shape.Select(d => (int)d)]);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidModelException($"ONNX Runtime cannot run the model on the calibration data: {e.Message}", e);
        }
    }

    /// <summary>The nodes that a tensor needs, with standard operators only.</summary>
    private ModelProto Part(string tensor, out bool readsInput)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { tensor };
        var nodes = new List<NodeProto>();
        foreach (NodeProto node in model.Graph.Node.Reverse())
        {
            if (node.Output.Any(needed.Contains))
            {
                nodes.Add(node);
                needed.UnionWith(node.Input);
            }
        }

        nodes.Reverse();
        readsInput = needed.Contains(input);
        var graph = new GraphProto { Name = "part" };
        graph.Node.Add(nodes);
        graph.Initializer.Add(model.Graph.Initializer.Where(t => needed.Contains(t.Name)));
        graph.Input.Add(model.Graph.Input.Where(i => i.Name == input && needed.Contains(input)));
        graph.Output.Add(new ValueInfoProto { Name = tensor });
        var part = new ModelProto { IrVersion = Math.Clamp(model.IrVersion, 4, 10), Graph = graph };
        part.OpsetImport.Add(model.OpsetImport);
        QonnxRewriter.Rewrite(part);
        return part;
    }
}
