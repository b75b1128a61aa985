using System.Globalization;
using System.Text;
using System.Text.Json;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Models;
using BlindGrain.Compiler.Data;

namespace BlindGrain.Cli.Data;

/// <summary>Writes predictions in the form that the file's ending asks for: .csv, .json or .npy (the outputs, a row a sample).</summary>
internal static class PredictionFile
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Refuses a name with another ending, before any work is done.</summary>
    /// <exception cref="CommandException">The ending is none of the three.</exception>
    public static void Check(string path)
    {
        if (Ending(path) is not (".csv" or ".json" or ".npy"))
        {
            throw CommandException.BadInput($"--output {path}: name a file that ends in .csv, .json or .npy.");
        }
    }

    /// <summary>Writes the file.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="classes">The class of each sample.</param>
    /// <param name="outputs">The outputs of each sample, all of one length.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<int> classes, IReadOnlyList<float[]> outputs) => AtomicFile.Write(path, stream =>
    {
        switch (Ending(path))
        {
            case ".npy":
                NpyWriter.Write(stream, [outputs.Count, outputs[0].Length], outputs.SelectMany(o => o).ToArray());
                break;
            case ".json":
                JsonSerializer.Serialize(stream, outputs.Select((o, i) => new { Sample = i, Class = classes[i], Outputs = o }), s_json);
                break;
            default:
                stream.Write(Encoding.UTF8.GetBytes(Csv(classes, outputs)));
                break;
        }
    });

    private static string Csv(IReadOnlyList<int> classes, IReadOnlyList<float[]> outputs)
    {
        var text = new StringBuilder("sample,class,").AppendJoin(',', Enumerable.Range(0, outputs[0].Length).Select(c => $"y{c}")).Append('\n');
        for (int i = 0; i < outputs.Count; i++)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"{i},{classes[i]},").AppendJoin(',', outputs[i].Select(y => y.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }

    private static string Ending(string path) => Path.GetExtension(path).ToLowerInvariant();
}
