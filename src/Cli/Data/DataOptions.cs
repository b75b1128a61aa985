using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace BlindGrain.Cli.Data;

/// <summary>The options that name samples and their classes.</summary>
internal sealed class DataOptions
{
    /// <summary>The samples.</summary>
    public Option<string> Data { get; } = new("--data")
    {
        Description = "Samples: idx images as MNIST has them (plain or .gz), .csv with one sample a line and a last column 'label', .npy, .npz (x and y), or a folder of PNG images (folders in it are classes).",
        HelpName = "FILE",
    };

    /// <summary>The classes.</summary>
    public Option<string?> Labels { get; } = new("--labels")
    {
        Description = "The labels, where the data bring none: idx (plain or .gz), .npy, or .csv.",
        HelpName = "FILE",
    };

    /// <summary>The factor of pixels.</summary>
    public Option<float?> Scale { get; } = new("--scale")
    {
        Description = "What a pixel (0 to 255) is multiplied with, a number or a fraction such as 1/255, which is the default; numbers of arrays too, where it is given.",
        HelpName = "1/255",
        CustomParser = ParseScale,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(Data);
        command.Options.Add(Labels);
        command.Options.Add(Scale);
    }

    private static float? ParseScale(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        float[] numbers = [.. text.Split('/').Select(p => float.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out float n) ? n : float.NaN)];
        float scale = numbers.Length switch { 1 => numbers[0], 2 => numbers[0] / numbers[1], _ => float.NaN };
        if (float.IsFinite(scale) && scale != 0)
        {
            return scale;
        }

        result.AddError($"'{text}' is no value of --scale: write a number such as 0.0039 or a fraction such as 1/255.");
        return null;
    }
}
