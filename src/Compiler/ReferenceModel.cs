using Microsoft.ML.OnnxRuntime;

namespace BlindGrain.Compiler;

/// <summary>The float model as ONNX Runtime runs it, one sample at a time: the reference for accuracy. Thread-safe.</summary>
public sealed class ReferenceModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _input;
    private readonly long[] _shape;
    private readonly int _length;

    /// <summary>Loads a model, rewriting QONNX's operators first.</summary>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model, or one that ONNX Runtime refuses.</exception>
    /// <exception cref="UnsupportedModelException">The model has more than one input.</exception>
    public ReferenceModel(byte[] onnx)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, IntraOpNumThreads = 1 };
        byte[] standard = QonnxRewriter.Rewrite(onnx);
        try
        {
            _session = new InferenceSession(standard, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidModelException($"ONNX Runtime refuses the model: {e.Message}", e);
        }

        if (_session.InputMetadata.Count != 1)
        {
            int count = _session.InputMetadata.Count;
            _session.Dispose();
            throw new UnsupportedModelException($"The model has {count} inputs; one is supported.");
        }

        (_input, NodeMetadata metadata) = _session.InputMetadata.Single();
        _shape = [.. metadata.Dimensions.Select(d => d < 1 ? 1L : d)];
        _length = (int)_shape.Aggregate(1L, (a, b) => a * b);
    }

    /// <summary>The model's float output for one sample, flat.</summary>
    /// <exception cref="ArgumentException">The sample has another length than the model's input.</exception>
    /// <exception cref="InvalidModelException">The model fails when it runs, or its input or output is not of floats.</exception>
    public float[] Run(float[] sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.Length != _length)
        {
            throw new ArgumentException($"The model takes {_length} values, not {sample.Length}.", nameof(sample));
        }

        using OrtValue input = OrtValue.CreateTensorValueFromMemory(sample, _shape);
        using var runOptions = new RunOptions();
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(runOptions, new Dictionary<string, OrtValue> { [_input] = input }, _session.OutputNames);
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidModelException($"ONNX Runtime cannot run the model: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
