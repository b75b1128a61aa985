using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using BlindGrain.Cli.Data;

namespace BlindGrain.Cli.CommandLine;

/// <summary>The options that let approximate mode search for its noise.</summary>
internal sealed class SearchOptions
{
    private const double DefaultTolerance = 0.3;

    private readonly Option<double?> _tolerance = new("--tolerance")
    {
        Description = "Approximate mode: how many points of accuracy (percent of the samples) noise may cost; 0.3 by default.",
        HelpName = "0.3",
        CustomParser = ParsePoints,
    };

    private readonly Option<string?> _validation = new("--validation")
    {
        Description = "Approximate mode: labelled samples to find the cheapest parameters with, in the forms that --data of 'simulate' takes.",
        HelpName = "FILE",
    };

    private readonly DataOptions _data = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_tolerance);
        command.Options.Add(_validation);
        command.Options.Add(_data.Labels);
        command.Options.Add(_data.Scale);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_validation) is null && (result.GetResult(_tolerance) ?? result.GetResult(_data.Labels)) is { } without)
            {
                result.AddError($"{without.Option.Name} goes with --validation: give labelled samples.");
            }
        });
    }

    /// <summary>Whether a search is asked for.</summary>
    public bool IsGiven(CommandResult result) => result.GetResult(_tolerance) is not null || result.GetResult(_validation) is not null || result.GetResult(_data.Labels) is not null;

    /// <summary>Whether a search is asked for.</summary>
    public bool IsGiven(ParseResult result) => result.GetValue(_validation) is not null;

    /// <summary>The accuracy that may be lost, as a fraction.</summary>
    public double Tolerance(ParseResult result) => (result.GetValue(_tolerance) ?? DefaultTolerance) / 100;

    /// <summary>What pixels are multiplied with, or null.</summary>
    public float? Scale(ParseResult result) => result.GetValue(_data.Scale);

    /// <summary>The labelled samples.</summary>
    /// <exception cref="CommandException">A file is missing, does not fit the model, or has no labels.</exception>
    public LabelledSamples Read(ParseResult result, int[] shape)
    {
        LabelledSamples samples = SampleFiles.Read(result.GetValue(_validation)!, result.GetValue(_data.Labels), Scale(result), shape);
        return samples.Labels is not null
            ? samples
            : throw CommandException.BadInput("--validation needs labels: give --labels with idx images, or a .csv file whose last column is named 'label'.");
    }

    private static double? ParsePoints(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double points) && points is > 0 and < 100)
        {
            return points;
        }

        result.AddError($"'{text}' is no value of --tolerance: write points of accuracy above 0 and below 100, such as 0.3.");
        return null;
    }
}
