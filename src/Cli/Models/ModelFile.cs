using BlindGrain.Cli.CommandLine;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Models;

/// <summary>Reads and writes compiled models (<c>.bgc</c>).</summary>
internal static class ModelFile
{
    /// <summary>Reads a compiled model.</summary>
    /// <exception cref="CommandException">The file is missing or is no such model.</exception>
    public static CompiledModel Read(string path)
    {
        RequireFile(path);
        using FileStream stream = File.OpenRead(path);
        try
        {
            return CompiledModel.Read(stream);
        }
        catch (FormatException e)
        {
            throw CommandException.BadInput($"{path}: {e.Message} A compiled model comes from 'blindgrain compile FILE.onnx -o FILE.bgc'.", e);
        }
    }

    /// <summary>Writes a compiled model, whole or not at all; yields its length in bytes.</summary>
    public static long Write(CompiledModel model, string path)
    {
        AtomicFile.Write(path, model.Write);
        return new FileInfo(path).Length;
    }

    /// <summary>Checks that a file that the user named exists.</summary>
    /// <exception cref="CommandException">There is no such file.</exception>
    public static void RequireFile(string path)
    {
        if (!File.Exists(path))
        {
            throw CommandException.BadInput(Directory.Exists(path) ? $"'{path}' is a folder, not a file." : $"There is no file '{path}'.");
        }
    }
}
