using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Models;
using BlindGrain.Compiler.Data;

namespace BlindGrain.Cli.Data;

/// <summary>Reads the data files that commands take: CSV by its ending, else idx images (plain or gzipped).</summary>
internal static class SampleFiles
{
    /// <summary>Reads samples for a model.</summary>
    /// <param name="data">A .csv file, or idx images.</param>
    /// <param name="labels">The idx labels of the images; a CSV file brings its own.</param>
    /// <param name="scale">What a pixel is multiplied with; null divides it by 255.</param>
    /// <param name="inputLength">The number of values that the model takes.</param>
    /// <exception cref="CommandException">A file is missing or does not fit the model or the other file.</exception>
    public static LabelledSamples Read(string data, string? labels, float? scale, int inputLength)
    {
        LabelledSamples samples = IsCsv(data) ? ReadCsv(data, labels, scale) : ReadImages(data, labels, scale);
        int length = samples.Inputs[0].Length;
        return length == inputLength
            ? samples
            : throw CommandException.BadInput($"The samples of {data} have {length} values; the model takes {inputLength}.");
    }

    /// <summary>Whether a file is comma-separated text by its name.</summary>
    public static bool IsCsv(string path) => path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    private static LabelledSamples ReadCsv(string data, string? labels, float? scale)
    {
        if (labels is not null || scale is not null)
        {
            throw CommandException.BadInput($"--labels and --scale go with idx images; {data} brings its labels in a last column named 'label', and its numbers are taken as they are.");
        }

        ModelFile.RequireFile(data);
        return CsvSamples.Read(data);
    }

    private static LabelledSamples ReadImages(string data, string? labels, float? scale)
    {
        float[][] images = Idx(data, path => IdxReader.ReadImages(path, scale));
        int[]? classes = labels is null ? null : Idx(labels, IdxReader.ReadLabels);
        return classes is null || classes.Length == images.Length
            ? new LabelledSamples(images, classes)
            : throw CommandException.BadInput($"{data} holds {images.Length} images and {labels} {classes.Length} labels; they belong to different sets.");
    }

    private static T Idx<T>(string path, Func<string, T> read)
    {
        ModelFile.RequireFile(path);
        try
        {
            return read(path);
        }
        catch (InvalidDataException e)
        {
            throw CommandException.BadInput(e.Message, e);
        }
    }
}
