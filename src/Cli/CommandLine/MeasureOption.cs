using System.CommandLine;
using System.CommandLine.Parsing;
using BlindGrain.Engine.Benchmarking;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Cli.CommandLine;

/// <summary>The option that chooses parameters by this machine's times instead of the reference machine's.</summary>
internal sealed class MeasureOption
{
    private readonly Option<bool> _measure = new("--measure")
    {
        Description = "Choose the parameters that are fastest on this machine, measured once in some seconds and kept in the cache folder. Without it the choice is the same everywhere.",
    };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(_measure);

    /// <summary>Whether it was given.</summary>
    public bool IsGiven(CommandResult result) => result.GetResult(_measure) is not null;

    /// <summary>The optimizer to choose by.</summary>
    /// <exception cref="CommandException">The cache folder cannot be written.</exception>
    public ParameterOptimizer Optimizer(ParseResult result, Terminal terminal, CancellationToken cancellation)
    {
        if (!result.GetValue(_measure))
        {
            return ParameterOptimizer.Default;
        }

        terminal.Note("measuring this machine, unless its times are kept ...");
        int threads = Environment.ProcessorCount;
        try
        {
            return new ParameterOptimizer(CostModelFile.GetOrMeasure(threads, cancellation), threads);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.BadInput($"The measured times cannot be kept in {CostModelFile.Folder}: {e.Message} Set XDG_CACHE_HOME to a folder that can be written, or leave --measure out.", e);
        }
    }
}
