using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.CommandLine;

/// <summary>The options that choose between exact and approximate execution.</summary>
internal sealed class ModeOptions
{
    private readonly Option<string?> _mode = new("--mode")
    {
        Description = "'exact': every look-up right but with the probability of --p-error, the default. 'approximate': cheaper by far; a look-up's index errs a little.",
        HelpName = "exact|approximate",
    };

    private readonly Option<bool> _exact = new("--exact")
    {
        Description = "The same as --mode exact.",
    };

    private readonly Option<double?> _pError = new("--p-error")
    {
        Description = "The failure probability of one look-up in exact mode, 2^-128 to 2^-5: '2^-40' or its logarithm '-40'. The default is 2^-40.",
        HelpName = "2^-40",
        CustomParser = result => Parse<double>(result, ParseLog2, "'2^-40' or '-40', from 2^-128 to 2^-5"),
    };

    private readonly Option<double?> _sigma = new("--sigma")
    {
        Description = "Approximate mode with this standard deviation of a look-up's index, as a part of its range, 0.05% to 5%: '0.5%' or '0.005'.",
        HelpName = "0.5%",
        CustomParser = result => Parse<double>(result, ParseFraction, "'0.5%' or '0.005', from 0.05% to 5%"),
    };

    /// <summary>Adds the options to a command, with the check that they do not contradict each other.</summary>
    /// <param name="command">The command.</param>
    /// <param name="search">Where the command can search for a sigma, the options that say so.</param>
    public void AddTo(Command command, SearchOptions? search = null)
    {
        command.Options.Add(_mode);
        command.Options.Add(_exact);
        command.Options.Add(_pError);
        command.Options.Add(_sigma);
        command.Validators.Add(result =>
        {
            if (Contradiction(result, search) is { } error)
            {
                result.AddError(error);
            }
        });
    }

    /// <summary>The mode that was chosen, or null where none of the options names one, or approximate mode without a sigma is asked for.</summary>
    public ExecutionMode? Chosen(ParseResult result) => result.GetValue(_sigma) is { } sigma
        ? new ExecutionMode.Approximate(sigma)
        : result.GetValue(_pError) is { } log2
            ? new ExecutionMode.Exact(log2)
            : result.GetValue(_exact) || result.GetValue(_mode) == "exact" ? new ExecutionMode.Exact() : null;

    /// <summary>The mode that was chosen, exact at 2^-40 where none was.</summary>
    public ExecutionMode ChosenOrDefault(ParseResult result) => Chosen(result) ?? new ExecutionMode.Exact();

    private string? Contradiction(CommandResult result, SearchOptions? search)
    {
        string? mode = result.GetResult(_mode)?.Tokens is [{ Value: var value }] ? value : null;
        bool sigma = result.GetResult(_sigma) is not null, exact = result.GetResult(_exact) is not null || result.GetResult(_pError) is not null;
        bool searched = search?.IsGiven(result) ?? false;
        return (mode, sigma, exact, searched) switch
        {
            (not (null or "exact" or "approximate"), _, _, _) => $"'{mode}' is no value of --mode: write exact or approximate.",
            (_, true, true, _) => "--sigma chooses approximate mode; --exact and --p-error choose exact mode. Give one or the other.",
            ("exact", true, _, _) => "--mode exact has no --sigma: that chooses approximate mode. Give one or the other.",
            ("approximate", _, true, _) => "--mode approximate has no --p-error or --exact: those choose exact mode. Give one or the other.",
            (_, true, _, true) => "--sigma sets the noise; --tolerance and --validation search for it. Give one or the other.",
            (null or "exact", _, _, true) => "--tolerance, --validation and --labels search for approximate parameters: give --mode approximate with them.",
            ("approximate", false, _, false) when search is not null => "--mode approximate needs a noise: --sigma 0.5%, or --tolerance 0.3 --validation DATA --labels LABELS to search for it.",
            ("approximate", false, _, false) => "--mode approximate needs --sigma, for example --sigma 0.5%.",
            _ => null,
        };
    }

    private static double? ParseLog2(string text) =>
        Number(text.StartsWith("2^", StringComparison.Ordinal) ? text[2..] : text) is { } log2 && log2 is >= -128 and <= -5 ? log2 : null;

    private static double? ParseFraction(string text) =>
        (text.EndsWith('%') ? Number(text[..^1]) / 100 : Number(text)) is { } sigma && sigma is >= ExecutionMode.Approximate.MinSigma and <= ExecutionMode.Approximate.MaxSigma ? sigma : null;

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
