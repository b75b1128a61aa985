using BlindGrain.Cli.CommandLine;
using BlindGrain.Compiler.Data;

namespace BlindGrain.Cli.Data;

/// <summary>Reads the data that commands take; see <see cref="DataFiles"/> for the forms.</summary>
internal static class SampleFiles
{
    /// <summary>Reads samples for a model.</summary>
    /// <param name="data">A file or folder.</param>
    /// <param name="labels">A file of labels, or null.</param>
    /// <param name="scale">What a pixel is multiplied with; null divides it by 255.</param>
    /// <param name="shape">The model's input without the batch axis.</param>
    /// <exception cref="CommandException">A file is missing or does not fit the model or the other file.</exception>
    public static LabelledSamples Read(string data, string? labels, float? scale, int[] shape)
    {
        try
        {
            return DataFiles.Read(data, labels, scale, shape);
        }
        catch (InvalidDataException e)
        {
            throw CommandException.BadInput(e.Message, e);
        }
    }

    /// <summary>Reads samples for a model of which only the number of values is known.</summary>
    /// <inheritdoc cref="Read(string, string?, float?, int[])"/>
    public static LabelledSamples Read(string data, string? labels, float? scale, int inputLength) => Read(data, labels, scale, [inputLength]);

    /// <summary>Reads one sample of numbers with commas between them.</summary>
    /// <exception cref="CommandException">They are no numbers.</exception>
    public static LabelledSamples Values(string text, string source)
    {
        try
        {
            return CsvReader.Parse([text], source);
        }
        catch (InvalidDataException e)
        {
            throw CommandException.BadInput(e.Message, e);
        }
    }
}
