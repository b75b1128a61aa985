using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler;

/// <summary>Compiles quantized ONNX models (QONNX) into circuits.</summary>
public static class ModelCompiler
{
    private const long MaxFileBytes = 1L << 30;

    /// <summary>Compiles a model.</summary>
    /// <param name="onnx">The bytes of an ONNX file.</param>
    /// <param name="name">The circuit's name.</param>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model, or a malformed one.</exception>
    /// <exception cref="UnsupportedModelException">The model cannot become a circuit; the message names the node and what is supported.</exception>
    public static FheCircuit Compile(byte[] onnx, string name)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ModelProto model = OnnxFile.Parse(onnx);
        try
        {
            return GraphImporter.Import(model, name);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new InvalidModelException($"The model is not usable: {e.Message}", e);
        }
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
