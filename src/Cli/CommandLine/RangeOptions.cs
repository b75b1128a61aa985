using System.CommandLine;
using System.Globalization;
using BlindGrain.Compiler;

namespace BlindGrain.Cli.CommandLine;

/// <summary>The options of ranges and their limits.</summary>
internal sealed class RangeOptions
{
    private const double DefaultMargin = 0.1;
    private readonly Option<string?> _ranges = new("--ranges")
    {
        Description = "How the range of what each look-up reads is found: worst-case (exact intervals, never wraps; the default) or calibrated (what the calibration data reach, and a margin).",
        HelpName = "worst-case|calibrated",
    };

    private readonly Option<double?> _margin = new("--margin")
    {
        Description = "What calibrated ranges add at either end, as a part of the width that was seen, 0 to 10; 0.1 by default.",
        HelpName = "0.1",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double margin) && margin is >= 0 and <= 10)
            {
                return margin;
            }

            result.AddError($"'{text}' is no value of --margin: write a number from 0 to 10, such as 0.1.");
            return null;
        },
    };

    private readonly Option<int?> _maxBits = BitsOption.Create("--max-bits", "Refuse the model, and name the layers, where a look-up would read more bits than this, 1 to 22.", 1, 22);
    private readonly Option<int?> _roundingBits = BitsOption.Create("--rounding-bits", "Give each table at most 2^N plateaus by dropping low bits of wider accumulators, 1 to 16; for approximate mode.", 1, 16);

    /// <summary>Creates the options.</summary>
    public RangeOptions() => _ranges.AcceptOnlyFromAmong("worst-case", "calibrated");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _ranges, _margin, _maxBits, _roundingBits })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(_margin) is { Implicit: false } && result.GetValue(_ranges) != "calibrated")
            {
                result.AddError("--margin goes with --ranges calibrated.");
            }
        });
    }

    /// <summary>The margin of calibrated ranges; null for the worst case.</summary>
    public double? Margin(ParseResult result) => result.GetValue(_ranges) == "calibrated" ? result.GetValue(_margin) ?? DefaultMargin : null;

    /// <summary>The limits.</summary>
    public CompileOptions Limits(ParseResult result) => new() { MaxBits = result.GetValue(_maxBits), RoundingBits = result.GetValue(_roundingBits) };
}
