using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.CommandLine;

/// <summary>The options that choose between exact and approximate execution.</summary>
internal sealed class ModeOptions
{
    private readonly Option<bool> _exact = new("--exact")
    {
        Description = "Every look-up right but with the probability of --p-error. This is the default.",
    };

    private readonly Option<double?> _pError = new("--p-error")
    {
        Description = "The failure probability of one look-up in exact mode, 2^-128 to 2^-5: '2^-40' or its logarithm '-40'. The default is 2^-40.",
        HelpName = "2^-40",
        CustomParser = result => Parse<double>(result, ParseLog2, "'2^-40' or '-40', from 2^-128 to 2^-5"),
    };

    private readonly Option<double?> _sigma = new("--sigma")
    {
        Description = "Approximate mode: the standard deviation of a look-up's index, as a part of its range, 0.05% to 5%: '0.5%' or '0.005'. Cheaper by far; the results are noisy.",
        HelpName = "0.5%",
        CustomParser = result => Parse<double>(result, ParseFraction, "'0.5%' or '0.005', from 0.05% to 5%"),
    };

    /// <summary>Adds the options to a command, with the check that they do not contradict each other.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_exact);
        command.Options.Add(_pError);
        command.Options.Add(_sigma);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_sigma) is not null && (result.GetResult(_exact) is not null || result.GetResult(_pError) is not null))
            {
                result.AddError("--sigma chooses approximate mode; --exact and --p-error choose exact mode. Give one or the other.");
            }
        });
    }

    /// <summary>The mode that was chosen, or null where none of the options was given.</summary>
    public ExecutionMode? Chosen(ParseResult result) => result.GetValue(_sigma) is { } sigma
        ? new ExecutionMode.Approximate(sigma)
        : result.GetValue(_pError) is { } log2
            ? new ExecutionMode.Exact(log2)
            : result.GetValue(_exact) ? new ExecutionMode.Exact() : null;

    /// <summary>The mode that was chosen, exact at 2^-40 where none was.</summary>
    public ExecutionMode ChosenOrDefault(ParseResult result) => Chosen(result) ?? new ExecutionMode.Exact();

    private static double? ParseLog2(string text) =>
        Number(text.StartsWith("2^", StringComparison.Ordinal) ? text[2..] : text) is { } log2 && log2 is >= -128 and <= -5 ? log2 : null;

    private static double? ParseFraction(string text) =>
        (text.EndsWith('%') ? Number(text[..^1]) / 100 : Number(text)) is { } sigma && sigma is >= 0.0005 and <= 0.05 ? sigma : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static T? Parse<T>(ArgumentResult result, Func<string, T?> parse, string form)
        where T : struct
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (parse(text) is { } value)
        {
            return value;
        }

        result.AddError($"'{text}' is no value of {(result.Parent as OptionResult)?.Option.Name}: write {form}.");
        return null;
    }
}
