using System.CommandLine;
using System.Diagnostics;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Data;
using BlindGrain.Cli.Models;
using BlindGrain.Cli.Reports;
using BlindGrain.Client;
using BlindGrain.Client.Keys;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Keys;
using Spectre.Console;

namespace BlindGrain.Cli.Commands;

/// <summary><c>predict</c>: encrypted inference on a server.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var server = new ServerOptions();
        var model = new Option<string>("--model") { Description = "The model's name on the server.", HelpName = "NAME", Required = true };
        var version = new Option<string?>("--version") { Description = "Its version; the newest by default.", HelpName = "VERSION" };
        var input = new Option<string>("--input") { Description = "The clear input: .csv, .npy, .npz, idx images, a PNG image or a folder of them, or the values of one sample with commas between them.", HelpName = "FILE|VALUES", Required = true };
        var count = new Option<int>("--count") { Description = "Take only the first N samples of the file.", HelpName = "N", DefaultValueFactory = _ => int.MaxValue };
        var output = new Option<string?>("--output", "-o") { Description = "Write classes and outputs to a file too: its ending chooses .csv, .json or .npy.", HelpName = "FILE" };
        var priority = new Option<int>("--priority") { Description = "1, before your other jobs, to 9, behind them.", HelpName = "N", DefaultValueFactory = _ => JobOptions.DefaultPriority };
        var timeout = new Option<double?>("--timeout") { Description = "Give a sample up that has no answer after so many seconds; the server stops computing it too.", HelpName = "SECONDS" };
        Option<float?> scale = new DataOptions().Scale;
        Option<string> keys = KeygenCommand.KeysOption();
        var command = new TaughtCommand("predict", "Classify inputs on a server that sees only ciphertexts.", """
            Encrypts each sample with your key, sends it, waits, decrypts the answer. The evaluation keys are made and uploaded
            where the server does not have them yet. The server sees neither the input nor the result.

              blindgrain predict --server http://127.0.0.1:8080 --model checkerboard --input 0.2,0.7
              blindgrain predict --server http://127.0.0.1:8080 --model tfc --input t10k-images-idx3-ubyte.gz --count 3 -o classes.csv
            """)
        {
            model,
            version,
            input,
            count,
            scale,
            keys,
            output,
            priority,
            timeout,
        };
        server.AddTo(command);
        command.Runs(async (result, terminal, cancellation) =>
        {
            string? file = result.GetValue(output);
            if (file is not null)
            {
                PredictionFile.Check(file);
            }

            JobOptions options = Wishes(result.GetValue(priority), result.GetValue(timeout));
            using BlindGrainClient client = server.Connect(result);
            string name = result.GetRequiredValue(model);
            string chosen = result.GetValue(version) ?? (await client.GetModelAsync(name, cancellation: cancellation)).Parameters.Version;
            CompiledModel compiled = await client.DownloadModelAsync(name, chosen, cancellation);
            float[][] samples = Samples(result.GetRequiredValue(input), result.GetValue(scale), result.GetValue(count), compiled);
            StoredKey key = KeygenCommand.FindOrCreate(result.GetRequiredValue(keys), compiled).Key;
            var session = new BlindGrainSession(client, name, chosen, compiled, key.Key, key.KeySet);
            bool uploaded = await UploadKeys(terminal, session, cancellation);
            var predictions = new List<PredictionReport>();
            foreach (float[] sample in samples)
            {
                predictions.Add(await Predict(terminal, session, options, sample, $"sample {predictions.Count + 1} of {samples.Length}", cancellation));
            }

            var report = new PredictReport(name, chosen, key.KeySet, uploaded, predictions, client.BytesSent, client.BytesReceived);
            if (file is not null)
            {
                PredictionFile.Write(file, [.. predictions.Select(p => p.Class)], [.. predictions.Select(p => p.Logits)]);
            }

            terminal.Result(report, console => View(console, report));
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>Uploads the evaluation keys where the server lacks them.</summary>
    internal static Task<bool> UploadKeys(Terminal terminal, BlindGrainSession session, CancellationToken cancellation)
    {
        long total = EvaluationKey.FileSize(session.KeyParameters);
        return terminal.TrackAsync(
            $"evaluation keys ({ModelReportView.Bytes(total)})",
            total,
            progress => session.EnsureKeySetAsync(new ProgressAdapter<long>(bytes => progress.Report(bytes)), cancellation));
    }

    /// <summary>What the user wishes of the jobs, checked before anything is sent.</summary>
    private static JobOptions Wishes(int priority, double? seconds)
    {
        if (priority is < 1 or > 9)
        {
            throw CommandException.BadInput($"--priority is {priority}; take 1, before your other jobs, to 9, behind them.");
        }

        return seconds is not { } limit || limit is >= 0.001 and <= 30 * 86400
            ? new JobOptions { Priority = priority, Timeout = seconds is { } s ? TimeSpan.FromSeconds(s) : null }
            : throw CommandException.BadInput(FormattableString.Invariant($"--timeout is {limit} seconds; take 0.001 to 2592000 (30 days)."));
    }

    private static float[][] Samples(string input, float? scale, int count, CompiledModel model)
    {
        LabelledSamples samples = !File.Exists(input) && !Directory.Exists(input) && input.Split(',').All(v => float.TryParse(v, System.Globalization.CultureInfo.InvariantCulture, out _))
            ? SampleFiles.Values(input, "--input")
            : SampleFiles.Read(input, null, scale, model.Circuit.Input.Shape);
        return samples.Inputs[0].Length != model.Circuit.Input.Length
            ? throw CommandException.BadInput($"--input has {samples.Inputs[0].Length} values; the model takes {model.Circuit.Input.Length}.")
            : samples.Take(Math.Clamp(count, 1, samples.Count)).Inputs;
    }

    private static async Task<PredictionReport> Predict(Terminal terminal, BlindGrainSession session, JobOptions options, float[] sample, string what, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        Prediction prediction = await terminal.TrackAsync(
            what,
            Math.Max(1, session.Model.Rotations),
            progress => session.PredictAsync(sample, new ProgressAdapter<JobState>(job => progress.Report(job.Progress.BootstrapsDone)), options, cancellation));
        return new PredictionReport(
            Classes.ArgMax(prediction.Output), prediction.Output, prediction.Integers, prediction.Job.Id, prediction.Job.SlicesBySilo, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private static void View(IAnsiConsole console, PredictReport report)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("class").AddColumn("logits").AddColumn("ms", c => c.Alignment = Justify.Right).AddColumn("job");
        foreach (PredictionReport p in report.Predictions)
        {
            _ = table.AddRow(
                $"{p.Class}",
                Markup.Escape(string.Join(' ', p.Logits.Select(l => ModelReportView.Invariant($"{l:0.###}")))),
                ModelReportView.Invariant($"{p.Milliseconds:0}"),
                Markup.Escape(p.Job));
        }

        console.Write(table);
        console.WriteLine($"{report.Model} {report.Version}: {ModelReportView.Bytes(report.BytesUp)} up, {ModelReportView.Bytes(report.BytesDown)} down{(report.KeysUploaded ? ", evaluation keys included" : "")}.");
    }

    private sealed record PredictionReport(int Class, float[] Logits, long[] Integers, string Job, IReadOnlyDictionary<string, int> SlicesBySilo, double Milliseconds);

    private sealed record PredictReport(string Model, string Version, string KeySet, bool KeysUploaded, IReadOnlyList<PredictionReport> Predictions, long BytesUp, long BytesDown);
}
