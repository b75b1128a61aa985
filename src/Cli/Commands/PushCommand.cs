using System.CommandLine;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Models;
using BlindGrain.Cli.Reports;
using BlindGrain.Client;
using BlindGrain.Engine.Execution;
using Spectre.Console;

namespace BlindGrain.Cli.Commands;

/// <summary><c>push</c>: a compiled model goes to a server.</summary>
internal static class PushCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE.bgc") { Description = "The compiled model." };
        var server = new ServerOptions();
        var name = new Option<string?>("--name") { Description = "The model's name on the server; the circuit's by default.", HelpName = "NAME" };
        var version = new Option<string>("--version") { Description = "Its version, which cannot be changed once it is there.", HelpName = "VERSION", DefaultValueFactory = _ => "1" };
        var command = new TaughtCommand("push", "Deploy a compiled model to a server.", """
            A version is immutable: pushing the same file again changes nothing, another file needs another version. A push that was cut goes on where it stopped when it is repeated.

              export BLINDGRAIN_API_KEY=...
              blindgrain push checkerboard.bgc --server http://127.0.0.1:8080
              blindgrain push checkerboard.bgc --server http://127.0.0.1:8080 --name squares --version 2
            """)
        {
            file,
            name,
            version,
        };
        server.AddTo(command);
        command.Runs(async (result, terminal, cancellation) =>
        {
            string path = result.GetRequiredValue(file);
            CompiledModel model = ModelFile.Read(path);
            using BlindGrainClient client = server.Connect(result);
            await using FileStream content = File.OpenRead(path);
            ModelMetadata metadata = await client.PushModelAsync(result.GetValue(name) ?? model.Circuit.Name, result.GetRequiredValue(version), content, null, cancellation);
            var report = new PushReport(metadata.Name, metadata.Parameters.Version, metadata.Parameters.ParameterSet, metadata.Parameters.Bootstraps, metadata.Parameters.Bytes, metadata.Parameters.Sha256);
            terminal.Result(report, console => console.WriteLine(
                $"Model {report.Model}, version {report.Version}: {report.Bootstraps} bootstraps, {ModelReportView.Bytes(report.Bytes)}, parameters {report.ParameterSet}."));
            return ExitCodes.Success;
        });
        return command;
    }

    private sealed record PushReport(string Model, string Version, string ParameterSet, int Bootstraps, long Bytes, string Sha256);
}
