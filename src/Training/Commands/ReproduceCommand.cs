using System.CommandLine;
using System.Text;
using System.Text.Json;
using BlindGrain.Training.Export;
using BlindGrain.Training.Reproduction;

namespace BlindGrain.Training.Commands;

/// <summary><c>reproduce</c>: the whole report.</summary>
internal static class ReproduceCommand
{
    private const int QuickSeeds = 1, AllSeeds = 10;

    /// <summary>How results are written as JSON.</summary>
    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var quick = new Option<bool>("--quick") { Description = "One seed, fewer epochs and small encrypted samples: some minutes." };
        var seeds = new Option<int?>("--seeds") { Description = $"How many seeds each row is trained with: {AllSeeds}, or {QuickSeeds} with --quick." };
        var only = new Option<string[]>("--only") { Description = $"Some rows only: {string.Join(", ", ReportRows.Names)}.", HelpName = "ROW", AllowMultipleArgumentsPerToken = true };
        var json = new Option<FileInfo?>("--json") { Description = "Write all figures, seed by seed, to this file." };
        var markdown = new Option<FileInfo?>("--markdown") { Description = "Write the tables to this file; else they are printed." };
        var pictures = new Option<DirectoryInfo?>("--pictures") { Description = "Write decision regions of the checkerboard's networks (SVG) into this folder." };
        var resume = new Option<DirectoryInfo?>("--resume") { Description = "Keep what is done in this folder, after every seed and every encrypted run, and go on from there." };
        _ = only.AcceptOnlyFromAmong([.. ReportRows.Names]);
        seeds.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int?>() is < 1)
            {
                r.AddError("--seeds takes a number from 1.");
            }
        });
        var command = new Command("reproduce", "Trains, compiles and runs everything that the reference published figures of, and prints theirs beside ours.") { quick, seeds, only, resume, json, markdown, pictures };
        command.SetAction(async (parsed, cancellation) =>
        {
            bool isQuick = parsed.GetValue(quick);
            var settings = new ReproduceSettings(
                parsed.GetValue(seeds) ?? (isQuick ? QuickSeeds : AllSeeds),
                isQuick,
                parsed.GetValue(only) ?? [],
                parsed.GetValue(pictures)?.ToString(),
                parsed.GetValue(resume)?.ToString());
            return await Run(settings, CommandLine(parsed), parsed.GetValue(json), parsed.GetValue(markdown), cancellation);
        });
        return command;
    }

    private static async Task<int> Run(ReproduceSettings settings, string command, FileInfo? json, FileInfo? markdown, CancellationToken cancellation)
    {
        try
        {
            ReproductionReport report = await new ReportRunner(settings, Console.Error.WriteLine).RunAsync(ReportRows.Chosen(settings), command, cancellation);
            string text = ReportMarkdown.Format(report);
            if (json is not null)
            {
                WholeFile.Write(json.ToString(), JsonSerializer.SerializeToUtf8Bytes(report, Json));
            }

            if (markdown is not null)
            {
                WholeFile.Write(markdown.ToString(), Encoding.UTF8.GetBytes(text));
            }
            else
            {
                Console.Write(text);
            }

            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"blindgrain-train: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("blindgrain-train: stopped; no report was written.");
            return 1;
        }
    }

    /// <summary>The command as it was typed, without the files that it writes.</summary>
    private static string CommandLine(ParseResult parsed)
    {
        string[] files = ["--json", "--markdown", "--pictures", "--resume"];
        string[] tokens = [.. parsed.Tokens.Select(t => t.Value)];
        return $"./train {string.Join(' ', tokens.Where((t, i) => !files.Contains(t) && (i == 0 || !files.Contains(tokens[i - 1]))))}";
    }
}
