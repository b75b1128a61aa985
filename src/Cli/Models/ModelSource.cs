using BlindGrain.Cli.CommandLine;
using BlindGrain.Compiler;
using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Cli.Models;

/// <summary>Turns a model file that the user named, ONNX or compiled, into a compiled model.</summary>
internal static class ModelSource
{
    /// <summary>Compiles a quantized ONNX file for a mode.</summary>
    /// <exception cref="CommandException">The file is missing, is no ONNX, or cannot become a circuit: the message names the node.</exception>
    public static CompiledModel CompileOnnx(string path, ExecutionMode mode) =>
        ForMode(path, Compile(path, (onnx, name) => PostTrainingQuantizer.IsQuantized(onnx)
            ? new CompilationRequest(onnx, name)
            : throw CommandException.BadInput($"{path} is a float model; quantize it first: blindgrain compile {path} -o MODEL.bgc --calibration DATA.")).Circuit, mode);

    /// <summary>Compiles an ONNX file, float or quantized, to a circuit, which has no mode yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="request">Says how, given the file's bytes and the circuit's name.</param>
    /// <exception cref="CommandException">The file is missing, is no ONNX, or cannot become a circuit: the message names the node.</exception>
    public static Compilation Compile(string path, Func<byte[], string, CompilationRequest> request)
    {
        ModelFile.RequireFile(path);
        try
        {
            string name = Path.GetFileNameWithoutExtension(path) is { Length: > 0 } stem ? stem : "model";
            return CompilationPipeline.Run(request(ModelCompiler.ReadFile(path), name));
        }
        catch (Exception e) when (e is InvalidModelException or UnsupportedModelException or ArgumentException)
        {
            throw CommandException.BadInput($"{path}: {OneLine(e)}", e);
        }
    }

    /// <summary>A circuit with the parameters for a mode that are fastest on the reference machine.</summary>
    /// <exception cref="CommandException">No parameters suffice.</exception>
    public static CompiledModel ForMode(string path, FheCircuit circuit, ExecutionMode mode) => ForMode(path, circuit, mode, ParameterOptimizer.Default);

    /// <summary>A circuit with the parameters for a mode that the optimizer chooses.</summary>
    /// <exception cref="CommandException">No parameters suffice.</exception>
    public static CompiledModel ForMode(string path, FheCircuit circuit, ExecutionMode mode, ParameterOptimizer optimizer)
    {
        try
        {
            return CompiledModel.Create(circuit, mode, optimizer);
        }
        catch (ArgumentException e)
        {
            throw CommandException.BadInput($"{path}: {OneLine(e)}", e);
        }
    }

    /// <summary>A circuit with the parameters for a mode and keys that are fastest on the reference machine.</summary>
    /// <exception cref="CommandException">No parameters suffice.</exception>
    public static CompiledModel ForMode(string path, FheCircuit circuit, ExecutionMode mode, KeyDistribution keys)
    {
        try
        {
            return CompiledModel.Create(circuit, mode, keys);
        }
        catch (ArgumentException e)
        {
            throw CommandException.BadInput($"{path}: {OneLine(e)}", e);
        }
    }

    /// <summary>A compiled model as it is, or for another mode where one is given.</summary>
    /// <exception cref="CommandException">The file is no model, or no parameters fit the mode.</exception>
    public static CompiledModel ReadCompiled(string path, ExecutionMode? mode)
    {
        CompiledModel model = ModelFile.Read(path);
        try
        {
            return mode is null || mode == model.Mode ? model : CompiledModel.Create(model.Circuit, mode);
        }
        catch (ArgumentException e)
        {
            throw CommandException.BadInput($"{path}: {OneLine(e)}", e);
        }
    }

    /// <summary>The float network in an ONNX file, as ONNX Runtime runs it on samples of a length.</summary>
    /// <exception cref="CommandException">ONNX Runtime refuses it.</exception>
    public static ReferenceModel OpenFloat(string path, int sampleLength)
    {
        try
        {
            return new ReferenceModel(ModelCompiler.ReadFile(path), sampleLength);
        }
        catch (Exception e) when (e is InvalidModelException or UnsupportedModelException)
        {
            throw CommandException.BadInput($"{path}: {OneLine(e)}", e);
        }
    }

    /// <summary>An exception's message on one line, without the name of a parameter.</summary>
    public static string OneLine(Exception e)
    {
        string line = string.Join(' ', e.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

        // ArgumentException appends the parameter's name, which means nothing to a user.
        int suffix = line.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return suffix < 0 ? line : line[..suffix];
    }
}
