using System.CommandLine;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Cli.CommandLine;

/// <summary>The option that asks for block-binary keys.</summary>
internal sealed class KeyBlocksOption
{
    private readonly Option<int?> _blocks = new("--key-blocks")
    {
        Description = "Draw the small secret key in blocks of this many bits, 2 to 4, of which at most one is set: bootstraps in batches are 1.15 to 1.7 times faster, on a younger assumption (SECURITY.md). Uniform keys by default.",
        HelpName = "2|3|4",
    };

    /// <summary>Adds the option to a command, with the check that nothing contradicts it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="search">The search for approximate parameters, which knows uniform keys only.</param>
    /// <param name="measure">The measured times and the number of sets, likewise.</param>
    public void AddTo(Command command, SearchOptions search, MeasureOption measure)
    {
        command.Options.Add(_blocks);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_blocks) is not { Tokens: [{ Value: var text }] })
            {
                return;
            }

            if (text is not ("2" or "3" or "4"))
            {
                result.AddError($"'{text}' is no value of --key-blocks: write 2, 3 or 4; there is no security estimate for others.");
            }
            else if (search.IsGiven(result) || measure.IsGiven(result))
            {
                result.AddError("--key-blocks has parameters of its own, which --measure, --sets, --tolerance and --validation do not choose from. Give one or the other.");
            }
        });
    }

    /// <summary>How keys are to be drawn.</summary>
    public KeyDistribution Keys(ParseResult result) => result.GetValue(_blocks) is { } length ? KeyDistribution.BlockBinary(length) : KeyDistribution.Uniform;
}
