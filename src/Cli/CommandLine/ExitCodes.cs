namespace BlindGrain.Cli.CommandLine;

/// <summary>What the process answers to the shell.</summary>
internal static class ExitCodes
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>The work was done, and a check of its result failed.</summary>
    public const int CheckFailed = 1;

    /// <summary>The command line or a file it names cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>The server cannot be reached, or refused or failed the request.</summary>
    public const int Server = 3;

    /// <summary>Interrupted by the user (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
