using System.CommandLine;
using BlindGrain.Client;

namespace BlindGrain.Cli.CommandLine;

/// <summary>Gives each command <c>--json</c> and turns its errors into one line and an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>The option that every command has.</summary>
    public static Option<bool> JsonOption { get; } = new("--json")
    {
        Description = "Print exactly one JSON object on standard output instead of tables.",
        Recursive = true,
    };

    /// <summary>Sets what the command does.</summary>
    /// <param name="command">The command.</param>
    /// <param name="run">Does the work and yields the exit code; bad input is thrown as <see cref="CommandException"/>.</param>
    public static void Runs(this Command command, Func<ParseResult, Terminal, CancellationToken, Task<int>> run) =>
        command.SetAction(async (result, cancellation) =>
        {
            var terminal = new Terminal(result.GetValue(JsonOption));
            try
            {
                return await run(result, terminal, cancellation);
            }
            catch (CommandException e)
            {
                terminal.Error(e.Message, e.ExitCode);
                return e.ExitCode;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                terminal.Error("interrupted.", ExitCodes.Interrupted);
                return ExitCodes.Interrupted;
            }
            catch (BlindGrainException e)
            {
                terminal.Error(e.Message, ExitCodes.Server);
                return ExitCodes.Server;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                terminal.Error(e.Message, ExitCodes.BadInput);
                return ExitCodes.BadInput;
            }
        });
}
