using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace BlindGrain.Cli.CommandLine;

/// <summary>
/// Where a command's words go. Results go to standard output: tables for people, or with <c>--json</c> exactly one JSON object.
/// Progress goes to standard error, and only where a person watches it.
/// </summary>
internal sealed class Terminal
{
    /// <summary>How all JSON of the commands is written.</summary>
    public static JsonSerializerOptions JsonForm { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
    };

    private readonly IAnsiConsole _results = CreateConsole(Console.Out, Console.IsOutputRedirected);

    /// <summary>Creates the terminal of one command.</summary>
    public Terminal(bool json) => Json = json;

    /// <summary>Whether one JSON object is asked for.</summary>
    public bool Json { get; }

    /// <summary>Standard error, for progress.</summary>
    public IAnsiConsole Progress { get; } = CreateConsole(Console.Error, Console.IsErrorRedirected);

    /// <summary>Whether a person watches standard error.</summary>
    public bool Watched => !Json && !Console.IsErrorRedirected;

    /// <summary>Gives the command's result: <paramref name="value"/> as JSON, or what <paramref name="forPeople"/> writes.</summary>
    public void Result<T>(T value, Action<IAnsiConsole> forPeople)
    {
        if (Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(value, JsonForm));
        }
        else
        {
            forPeople(_results);
        }
    }

    /// <summary>A line about what is going on now; nothing with <c>--json</c>.</summary>
    public void Note(string line)
    {
        if (!Json)
        {
            Progress.WriteLine(line);
        }
    }

    /// <summary>Reports an error: a line on standard error, and with <c>--json</c> the one object says it too.</summary>
    public void Error(string message, int exitCode)
    {
        Console.Error.WriteLine($"blindgrain: {message}");
        if (Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Error = message, ExitCode = exitCode }, JsonForm));
        }
    }

    /// <summary>A line on standard error beside a result that was given.</summary>
    public static void Complain(string message) => Console.Error.WriteLine($"blindgrain: {message}");

    private static IAnsiConsole CreateConsole(TextWriter writer, bool redirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
        {
            // A file or a pipe has no width: leave tables whole.
            console.Profile.Width = 140;
        }

        return console;
    }
}
