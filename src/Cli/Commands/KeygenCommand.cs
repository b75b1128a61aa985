using System.CommandLine;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Models;
using BlindGrain.Cli.Reports;
using BlindGrain.Client.Keys;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Keys;
using Spectre.Console;

namespace BlindGrain.Cli.Commands;

/// <summary><c>keygen</c>: the client's secret key.</summary>
internal static class KeygenCommand
{
    /// <summary>Where keys lie; <c>predict</c> has the same option.</summary>
    public static Option<string> KeysOption() => new("--keys")
    {
        Description = "The folder of secret keys, readable by you only.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => KeyStore.DefaultFolder,
    };

    /// <summary>Opens the folder of keys and finds or makes the key for a model.</summary>
    /// <exception cref="CommandException">The folder holds something else under the key's name.</exception>
    public static (StoredKey Key, string Path, bool Created) FindOrCreate(string folder, CompiledModel model)
    {
        try
        {
            var store = new KeyStore(folder);
            string path = store.PathOf(model.Parameters);
            bool present = File.Exists(path);
            return (store.FindOrCreate(model.Parameters), path, !present);
        }
        catch (FormatException e)
        {
            throw CommandException.BadInput(e.Message, e);
        }
    }

    public static Command Create()
    {
        var file = new Option<string>("--model") { Description = "The compiled model that the key is for.", HelpName = "FILE.bgc", Required = true };
        Option<string> keys = KeysOption();
        var command = new TaughtCommand("keygen", "Make the secret key for a model, where there is none yet.", """
            One secret key serves all models that run on the same parameters, or on some of its own. It never leaves this machine: what 'predict' sends
            to a server are evaluation keys made from it, with which a server can compute but not decrypt.
            Whoever reads the key file can decrypt your inputs and results.

              blindgrain keygen --model checkerboard.bgc
            """)
        {
            file,
            keys,
        };
        command.Runs((result, terminal, _) =>
        {
            CompiledModel model = ModelFile.Read(result.GetRequiredValue(file));
            (StoredKey key, string path, bool created) = FindOrCreate(result.GetRequiredValue(keys), model);
            var report = new KeygenReport(key.Key.Parameters.Id, key.KeySet, path, created, EvaluationKey.FileSize(key.Key.Parameters));
            terminal.Result(report, console =>
            {
                console.WriteLine($"{(created ? "New key" : "The key is there already")}: {path}");
                console.WriteLine($"Parameters {report.ParameterSet}; its evaluation keys are key set {report.KeySet}, {ModelReportView.Bytes(report.EvaluationKeyBytes)} to upload once.");
            });
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private sealed record KeygenReport(string ParameterSet, string KeySet, string File, bool Created, long EvaluationKeyBytes);
}
