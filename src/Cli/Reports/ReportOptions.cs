using System.CommandLine;

namespace BlindGrain.Cli.Reports;

/// <summary>The option that asks for a report file.</summary>
internal sealed class ReportOptions
{
    private readonly Option<string?> _report = new("--report")
    {
        Description = "Write a report: one self-contained page (.html) with the network drawn layer by layer, ranges, costs and choices, or the same as .json.",
        HelpName = "FILE.html",
    };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(_report);

    /// <summary>The file asked for, or null.</summary>
    /// <exception cref="CommandLine.CommandException">Its name says no form that there is.</exception>
    public string? Path(ParseResult result)
    {
        string? path = result.GetValue(_report);
        ReportFile.Check(path);
        return path;
    }
}
