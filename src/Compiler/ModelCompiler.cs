using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler;

/// <summary>Compiles quantized ONNX models (QONNX, QDQ, integer operators) into circuits.</summary>
public static class ModelCompiler
{
    private const long MaxFileBytes = 1L << 30;

    /// <summary>A batch that the graph mixes is compiled whole; that is meant for small ones.</summary>
    private const int MaxBatch = 256;

    /// <summary>Compiles a model.</summary>
    /// <param name="onnx">The bytes of an ONNX file.</param>
    /// <param name="name">The circuit's name.</param>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model, or a malformed one.</exception>
    /// <exception cref="UnsupportedModelException">The model cannot become a circuit; the message names the node and what is supported.</exception>
    public static FheCircuit Compile(byte[] onnx, string name) => Compile(onnx, name, new CompileOptions()).Circuit;

    /// <summary>Compiles a model by options.</summary>
    /// <param name="onnx">The bytes of an ONNX file.</param>
    /// <param name="name">The circuit's name.</param>
    /// <param name="options">How.</param>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model, or a malformed one.</exception>
    /// <exception cref="UnsupportedModelException">The model cannot become a circuit; the message names the node and what is supported.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public static CompiledCircuit Compile(byte[] onnx, string name, CompileOptions options)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(name);
        options.Validate();
        return Import(OnnxFile.Parse(onnx), name, options);
    }

    /// <summary>Imports a parsed model: as one sample of a batch, or, where its graph does not allow that, with the batch as it is.</summary>
    internal static CompiledCircuit Import(ModelProto model, string name, CompileOptions options)
    {
        try
        {
            return ImportOnce(model, name, options, asOneSample: true);
        }
        catch (Exception e) when (e is InvalidModelException or UnsupportedModelException && HasFixedBatch(model.Graph))
        {
            try
            {
                return ImportOnce(model, name, options, asOneSample: false);
            }
            catch (Exception second) when (second is InvalidModelException or UnsupportedModelException)
            {
                // The first refusal is about the model as it is meant.
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e);
                throw;
            }
        }
    }

    private static CompiledCircuit ImportOnce(ModelProto model, string name, CompileOptions options, bool asOneSample)
    {
        try
        {
            return GraphImporter.Import(model, name, options, asOneSample);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new InvalidModelException($"The model is not usable: {e.Message}", e);
        }
    }

    private static bool HasFixedBatch(GraphProto graph)
    {
        var constants = graph.Initializer.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        return graph.Input.Any(i => i.Type?.TensorType?.Shape is { Dim.Count: > 1 } shape && shape.Dim[0].DimValue is > 1 and <= MaxBatch && !constants.Contains(i.Name));
    }

    /// <summary>Compiles a model file; the circuit is named after it.</summary>
    /// <inheritdoc cref="Compile(byte[], string)"/>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FheCircuit CompileFile(string path) => Compile(ReadFile(path), Path.GetFileNameWithoutExtension(path) is { Length: > 0 } name ? name : "model");

    /// <summary>Reads a model file of bounded size.</summary>
    /// <exception cref="InvalidModelException">The file is larger than 1 GiB.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static byte[] ReadFile(string path)
    {
        var file = new FileInfo(path);
        return file.Exists && file.Length > MaxFileBytes
            ? throw new InvalidModelException($"{path} has {file.Length} bytes; a model file may have at most {MaxFileBytes}.")
            : File.ReadAllBytes(path);
    }
}
