using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace BlindGrain.Compiler;

/// <summary>
/// The model as ONNX Runtime runs it, one sample at a time: the reference for accuracy. Thread-safe. Its tensors share a bounded arena, and a run that
/// takes too long is ended.
/// </summary>
public sealed class ReferenceModel : IDisposable
{
    private static readonly TimeSpan s_longestRun = TimeSpan.FromMinutes(2);

    private readonly SessionOptions _options = BoundedMemory.CreateOptions();
    private readonly InferenceSession _session;
    private readonly string _input;
    private readonly TensorElementType _type;
    private readonly long[] _shape;
    private readonly int _length;

    /// <summary>Loads a model as it is declared, rewriting QONNX's operators first.</summary>
    /// <inheritdoc cref="ReferenceModel(byte[], int)"/>
    public ReferenceModel(byte[] onnx)
        : this(QonnxRewriter.Parsed(onnx))
    {
    }

    /// <summary>Loads a model for samples of a given length, rewriting QONNX's operators first.</summary>
    /// <param name="onnx">The bytes of an ONNX file.</param>
    /// <param name="sampleLength">The number of values of one sample: a batch of several that the model declares becomes one of one, as the compiler takes it.</param>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model, or one that ONNX Runtime refuses.</exception>
    /// <exception cref="UnsupportedModelException">The model has more than one input, or too large a one, or control flow.</exception>
    public ReferenceModel(byte[] onnx, int sampleLength)
        : this(ForSamples(onnx, sampleLength))
    {
    }

    private ReferenceModel(ModelProto standard)
    {
        try
        {
            _session = new InferenceSession(standard.ToByteArray(), _options);
        }
        catch (OnnxRuntimeException e)
        {
            _options.Dispose();
            throw new InvalidModelException($"ONNX Runtime refuses the model: {e.Message}", e);
        }

        if (_session.InputMetadata.Count != 1)
        {
            int count = _session.InputMetadata.Count;
            Dispose();
            throw new UnsupportedModelException($"The model has {count} inputs; one is supported.");
        }

        (_input, NodeMetadata metadata) = _session.InputMetadata.Single();
        _shape = [.. metadata.Dimensions.Select(d => d < 1 ? 1L : d)];
        _type = metadata.ElementDataType;
        double length = _shape.Aggregate(1.0, (a, b) => a * b);
        if (length > CircuitInput.MaxLength)
        {
            Dispose();
            throw new UnsupportedModelException($"The model's input of shape [{string.Join(", ", _shape)}] has more than {CircuitInput.MaxLength} values, the most that are supported.");
        }

        _length = (int)length;
    }

    /// <summary>The model's first output for one sample, flat.</summary>
    /// <exception cref="ArgumentException">The sample has another length than the model's input.</exception>
    /// <exception cref="InvalidModelException">The model fails when it runs or takes too long, or its input or output is not of numbers.</exception>
    public float[] Run(float[] sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.Length != _length)
        {
            throw new ArgumentException($"The model takes {_length} values, not {sample.Length}.", nameof(sample));
        }

        using OrtValue input = Input(sample);
        using var runOptions = new RunOptions();
        using var clock = new Timer(_ => runOptions.Terminate = true, null, s_longestRun, Timeout.InfiniteTimeSpan);
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(runOptions, new Dictionary<string, OrtValue> { [_input] = input }, _session.OutputNames);
            return Numbers(results[0]);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidModelException($"ONNX Runtime cannot run the model: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }

    private static ModelProto ForSamples(byte[] onnx, int sampleLength)
    {
        ModelProto model = QonnxRewriter.Parsed(onnx);
        _ = ModelInput.Of(model, sampleLength);
        return model;
    }

    private OrtValue Input(float[] sample) => _type switch
    {
        TensorElementType.Float => OrtValue.CreateTensorValueFromMemory(sample, _shape),
        TensorElementType.Double => OrtValue.CreateTensorValueFromMemory([.. sample.Select(v => (double)v)], _shape),
        TensorElementType.Int8 => OrtValue.CreateTensorValueFromMemory([.. sample.Select(v => (sbyte)v)], _shape),
        TensorElementType.UInt8 => OrtValue.CreateTensorValueFromMemory([.. sample.Select(v => (byte)v)], _shape),
        _ => throw new InvalidModelException($"The model's input is of {_type}; float, double, int8 and uint8 are supported."),
    };

    private static float[] Numbers(OrtValue result)
    {
        TensorElementType type = result.IsTensor ? result.GetTensorTypeAndShape().ElementDataType : TensorElementType.DataTypeMax;
        return type switch
        {
            TensorElementType.Float => result.GetTensorDataAsSpan<float>().ToArray(),
            TensorElementType.Double => From<double>(v => (float)v),
            TensorElementType.Int8 => From<sbyte>(v => v),
            TensorElementType.UInt8 => From<byte>(v => v),
            TensorElementType.Int32 => From<int>(v => v),
            TensorElementType.Int64 => From<long>(v => v),
            TensorElementType.Bool => From<bool>(v => v ? 1 : 0),
            _ => throw new InvalidModelException("The model's output is no tensor of float, double, int8, uint8, int32, int64 or bool."),
        };

        float[] From<T>(Func<T, float> convert)
            where T : unmanaged => [.. result.GetTensorDataAsSpan<T>().ToArray().Select(convert)];
    }
}
