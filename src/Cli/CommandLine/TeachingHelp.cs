using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace BlindGrain.Cli.CommandLine;

/// <summary>A command with more to say than its one-line description.</summary>
internal sealed class TaughtCommand : Command
{
    /// <summary>Creates a command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">One line, for the list of commands.</param>
    /// <param name="lesson">What <c>--help</c> shows besides: how it works, examples.</param>
    public TaughtCommand(string name, string description, string lesson)
        : base(name, description) => Lesson = lesson;

    /// <summary>What <c>--help</c> shows below the options.</summary>
    public string Lesson { get; }
}

/// <summary>The usual help, and below it the command's lesson.</summary>
internal sealed class TeachingHelp : SynchronousCommandLineAction
{
    private readonly HelpAction _usual;

    private TeachingHelp(HelpAction usual) => _usual = usual;

    /// <summary>Lets <c>--help</c> of all commands below <paramref name="root"/> show lessons.</summary>
    public static void Install(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new TeachingHelp((HelpAction)help.Action!);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = _usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is TaughtCommand taught)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(taught.Lesson);
        }

        return exitCode;
    }
}
