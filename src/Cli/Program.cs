using System.CommandLine;
using System.CommandLine.Invocation;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Commands;

namespace BlindGrain.Cli;

/// <summary>Entry point.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("""
            Neural networks on encrypted data (TFHE).

            The usual way: compile a network, serve a cluster, push the model to it, then predict on encrypted inputs.
            'blindgrain demo' does all of it in one process and shows the figures.

            Exit codes: 0 all went well, 1 a check of the result failed, 2 bad input or usage, 3 the server could not
            be reached or refused.
            """)
        {
            CommandRunner.JsonOption,
            CompileCommand.Create(),
            InspectCommand.Create(),
            SimulateCommand.Create(),
            KeygenCommand.Create(),
            ServeCommand.Create(),
            PushCommand.Create(),
            PredictCommand.Create(),
            DemoCommand.Create(),
            BenchCommand.Create(),
        };

        TeachingHelp.Install(root);
        ParseResult result = root.Parse(args);
        if (result.Action is ParseErrorAction)
        {
            string message = $"{string.Join(' ', result.Errors.Select(e => e.Message))} See 'blindgrain {result.CommandResult.Command.Name} --help'."
                .Replace("'blindgrain blindgrain", "'blindgrain", StringComparison.Ordinal);
            new Terminal(args.Contains("--json")).Error(message, ExitCodes.BadInput);
            return ExitCodes.BadInput;
        }

        // The commands end their own work on Ctrl-C; a server may take some seconds to.
        var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30), EnableDefaultExceptionHandler = false };
        return await result.InvokeAsync(configuration);
    }
}
