using System.CommandLine;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Models;
using BlindGrain.Cli.Reports;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Commands;

/// <summary><c>compile</c>: an ONNX network becomes a circuit with parameters.</summary>
internal static class CompileCommand
{
    public static Command Create()
    {
        var onnx = new Argument<string>("FILE.onnx") { Description = "The quantized network (QONNX: ONNX with Quant nodes)." };
        var output = new Option<string>("--output", "-o") { Description = "The compiled model to write.", HelpName = "FILE.bgc", Required = true };
        var mode = new ModeOptions();
        var reportOptions = new ReportOptions();
        var command = new TaughtCommand("compile", "Compile a quantized ONNX network into a model that runs on encrypted data.", """
            Compile a quantized ONNX network into an integer circuit with cryptographic parameters (.bgc).

            Every value's range is found by exact interval arithmetic over the quantized inputs, so no accumulator can wrap.
            Exact mode takes the cheapest parameters with which every look-up is right but with the given probability.
            Approximate mode (--sigma) lets a look-up's index err a little, which is many times cheaper.
            What is written holds nothing secret: servers and clients use the same file.

              blindgrain compile samples/checkerboard.onnx -o checkerboard.bgc
              blindgrain compile network.onnx -o network.bgc --p-error 2^-64
              blindgrain compile TFC_2W2A.onnx -o tfc.bgc --sigma 0.5% --report tfc.html
            """)
        {
            onnx,
            output,
        };
        mode.AddTo(command);
        reportOptions.AddTo(command);
        command.Runs((result, terminal, _) =>
        {
            string? page = reportOptions.Path(result);
            string target = result.GetRequiredValue(output);
            CompiledModel model = ModelSource.CompileOnnx(result.GetRequiredValue(onnx), mode.ChosenOrDefault(result));
            long bytes = ModelFile.Write(model, target);
            ModelReport report = ModelReport.Of(model, target, bytes);
            ReportFile.Write(report, page);
            terminal.Result(report, console => ModelReportView.Write(console, report));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
