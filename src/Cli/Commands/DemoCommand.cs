using System.CommandLine;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Data;
using BlindGrain.Cli.Demo;
using BlindGrain.Cli.Models;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Commands;

/// <summary><c>demo</c>: everything at once, with figures.</summary>
internal static class DemoCommand
{
    private const int DefaultPoints = 100;

    public static Command Create()
    {
        var points = new Option<int>("--points")
        {
            Description = "How many points to classify encrypted: the first N of the data.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultPoints,
        };
        points.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out int n) || n < 1))
            {
                result.AddError($"'{result.Tokens[0].Value}' is no value of --points: write a number from 1.");
            }
        });
        var model = new Option<string?>("--model")
        {
            Description = "The network: an ONNX file or a compiled model; the checkerboard of the samples by default.",
            HelpName = "FILE.onnx|FILE.bgc",
        };
        var data = new DataOptions();
        var picture = new Option<string>("--output", "-o")
        {
            Description = "Where to write the picture, for models with two inputs.",
            HelpName = "FILE.png",
            DefaultValueFactory = _ => Path.Combine("artifacts", "demo.png"),
        };
        var mode = new ModeOptions();
        var command = new TaughtCommand("demo", "Classify encrypted points on a cluster in this process, and show the figures.", """
            Starts a silo and a gateway on free loopback ports with a temporary folder, deploys the network, makes keys, sends
            encrypted points through REST, decrypts the answers and compares them with the same circuit on clear integers.
            Nothing is left but the picture. Exit code 1 if encrypted and clear disagree in exact mode.

              blindgrain demo
              blindgrain demo --points 500 --json
              blindgrain demo --sigma 0.5%
              blindgrain demo --model TFC_2W2A.onnx --data t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz --points 10 --sigma 0.5%
            """)
        {
            points,
            model,
            picture,
        };
        data.AddTo(command);
        mode.AddTo(command);
        command.Runs(async (result, terminal, cancellation) =>
        {
            string source = result.GetValue(model) ?? Sample("checkerboard.onnx");
            bool isOnnx = !source.EndsWith(".bgc", StringComparison.OrdinalIgnoreCase);
            CompiledModel compiled = isOnnx ? ModelSource.CompileOnnx(source, mode.ChosenOrDefault(result)) : ModelSource.ReadCompiled(source, mode.Chosen(result));
            if (result.GetValue(model) is not null && result.GetValue(data.Data) is null)
            {
                throw CommandException.BadInput("--model needs --data: samples for that network (idx images with --labels, or a .csv file).");
            }

            LabelledSamples samples = SampleFiles.Read(
                result.GetValue(data.Data) ?? Sample("checkerboard.points.csv"), result.GetValue(data.Labels), result.GetValue(data.Scale), compiled.Circuit.Input.Shape);
            int count = result.GetValue(points);
            if (count > samples.Count)
            {
                throw CommandException.BadInput($"--points {count} is more than the {samples.Count} samples of the data.");
            }

            using var request = new DemoRequest(compiled, isOnnx ? ModelSource.OpenFloat(source, compiled.Circuit.Input.Length) : null, samples.Take(count), result.GetRequiredValue(picture));
            DemoReport report = await new DemoRunner(request, terminal).RunAsync(cancellation);
            terminal.Result(report, console => DemoReportView.Write(console, report));
            if (compiled.Mode is ExecutionMode.Exact && report.IntegerAgreement < 1)
            {
                Terminal.Complain("encrypted and clear results disagree in exact mode.");
                return ExitCodes.CheckFailed;
            }

            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>A file of the samples folder, which lies beside the program.</summary>
    private static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "samples", name);
}
