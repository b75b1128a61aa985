namespace BlindGrain.Cli.CommandLine;

/// <summary>An error that the user can act on: one line for standard error and an exit code; no stack trace is shown.</summary>
internal sealed class CommandException : Exception
{
    private CommandException(int exitCode, string message, Exception? inner)
        : base(message, inner) => ExitCode = exitCode;

    /// <summary>The process's exit code.</summary>
    public int ExitCode { get; }

    /// <summary>The command line or a file it names cannot be used.</summary>
    public static CommandException BadInput(string message, Exception? inner = null) => new(ExitCodes.BadInput, message, inner);

    /// <summary>The server cannot be reached, or refused or failed the request.</summary>
    public static CommandException Server(string message, Exception? inner = null) => new(ExitCodes.Server, message, inner);
}
