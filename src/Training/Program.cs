using System.CommandLine;
using BlindGrain.Training.Commands;

namespace BlindGrain.Training;

/// <summary>The command line of blindgrain-train.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        var root = new RootCommand("Trains BlindGrain's sample networks with quantization and pruning, and writes them as ONNX.");
        root.Subcommands.Add(CheckerboardCommand.Create());
        return root.Parse(args).InvokeAsync();
    }
}
