using System.Text;
using System.Text.Json;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Models;
using BlindGrain.Cli.Reports.Html;

namespace BlindGrain.Cli.Reports;

/// <summary>Writes a report as a file of its own: a page (<c>.html</c>) or the same as JSON (<c>.json</c>).</summary>
internal static class ReportFile
{
    /// <summary>Refuses a name that says neither form, before any work is done.</summary>
    /// <exception cref="CommandException">The name ends otherwise.</exception>
    public static void Check(string? path)
    {
        if (path is not null && !IsPage(path) && !IsJson(path))
        {
            throw CommandException.BadInput($"--report {path}: the name says the form; end it in .html for a page, or in .json.");
        }
    }

    /// <summary>Writes the report, whole or not at all; nothing where no path is given.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(ModelReport report, string? path)
    {
        if (path is null)
        {
            return;
        }

        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            if (IsJson(path))
            {
                writer.WriteLine(JsonSerializer.Serialize(report, Terminal.JsonForm));
            }
            else
            {
                HtmlPage.Write(report, writer);
            }
        });
    }

    private static bool IsPage(string path) => path.EndsWith(".html", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".htm", StringComparison.OrdinalIgnoreCase);

    private static bool IsJson(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
}
