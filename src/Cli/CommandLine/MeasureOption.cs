using System.CommandLine;
using System.CommandLine.Parsing;
using BlindGrain.Engine.Benchmarking;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Cli.CommandLine;

/// <summary>The options that say by which times parameters are chosen, this machine's or the reference machine's, and how many sets at most.</summary>
internal sealed class MeasureOption
{
    private readonly Option<bool> _measure = new("--measure")
    {
        Description = "Choose the parameters that are fastest on this machine, measured once in some seconds and kept in the cache folder. Without it the choice is the same everywhere.",
    };

    private readonly Option<int?> _sets = BitsOption.Create("--sets", "Take at most N parameter sets, 1 to 4 (the default): a further one must take a tenth off the time, but adds keys to upload and to keep in memory.", 1, ParameterSuite.MaxSets);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_measure);
        command.Options.Add(_sets);
    }

    /// <summary>Whether any of them was given.</summary>
    public bool IsGiven(CommandResult result) => result.GetResult(_measure) is not null || result.GetResult(_sets) is not null;

    /// <summary>The optimizer to choose by.</summary>
    /// <exception cref="CommandException">The cache folder cannot be written.</exception>
    public ParameterOptimizer Optimizer(ParseResult result, Terminal terminal, CancellationToken cancellation)
    {
        int sets = result.GetValue(_sets) ?? ParameterSuite.MaxSets;
        if (!result.GetValue(_measure))
        {
            return new ParameterOptimizer(CostModel.Reference, threads: 1, sets);
        }

        terminal.Note("measuring this machine, unless its times are kept ...");
        int threads = Environment.ProcessorCount;
        try
        {
            return new ParameterOptimizer(CostModelFile.GetOrMeasure(threads, cancellation), threads, sets);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.BadInput($"The measured times cannot be kept in {CostModelFile.Folder}: {e.Message} Set XDG_CACHE_HOME to a folder that can be written, or leave --measure out.", e);
        }
    }
}
