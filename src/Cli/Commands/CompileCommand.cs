using System.CommandLine;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Models;
using BlindGrain.Cli.Reports;
using BlindGrain.Cli.Reports.Evaluation;
using BlindGrain.Compiler;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Cli.Commands;

/// <summary><c>compile</c>: an ONNX network becomes a circuit with parameters.</summary>
internal static class CompileCommand
{
    public static Command Create()
    {
        var onnx = new Argument<string>("FILE.onnx") { Description = "The network: quantized (QONNX, QDQ, integer operators), or of floats with --calibration." };
        var output = new Option<string>("--output", "-o") { Description = "The compiled model to write.", HelpName = "FILE.bgc", Required = true };
        var measure = new MeasureOption();
        var keyBlocks = new KeyBlocksOption();
        var mode = new ModeOptions();
        var compilation = new CompilationOptions();
        var reportOptions = new ReportOptions();
        var search = new SearchOptions();
        var evaluation = new CompiledEvaluationOptions();
        var command = new TaughtCommand("compile", "Compile an ONNX network into a model that runs on encrypted data.", """
            Compile an ONNX network into an integer circuit with cryptographic parameters (.bgc).

            A network of floats is quantized first, layer by layer, by what typical inputs (--calibration) make of it.
            Every value's range is found by exact interval arithmetic over the quantized inputs, so no accumulator can wrap;
            --ranges calibrated takes what the inputs reach instead, which is narrower and cheaper, and says what that risks.
            Exact mode takes the cheapest parameters with which every look-up is right but with the given probability.
            Approximate mode lets a look-up's index err a little, which is many times cheaper: by --sigma, or by as much as
            costs --tolerance points of accuracy on --validation samples, found by simulating the noise.
            --report writes a page with the network drawn, ranges, costs and choices; with --test, the accuracy of each stage.
            What is written holds nothing secret: servers and clients use the same file.

              blindgrain compile samples/checkerboard.onnx -o checkerboard.bgc
              blindgrain compile network.onnx -o network.bgc --p-error 2^-64
              blindgrain compile TFC_2W2A.onnx -o tfc.bgc --sigma 0.5% --report tfc.html
              blindgrain compile float.onnx -o float.bgc --calibration images.npy --test test.npz --sweep 2-8 --report float.html
              blindgrain compile float.onnx -o float.bgc --calibration images.npy --bits 4 --ranges calibrated --sigma 1%
              blindgrain compile float.onnx -o float.bgc --calibration points.csv --bits 3 --match-classes
              blindgrain compile network.onnx -o network.bgc --measure
              blindgrain compile network.onnx -o network.bgc --sigma 0.5% --key-blocks 3
              blindgrain compile network.onnx -o network.bgc --mode approximate --tolerance 0.3 --validation points.csv
            """)
        {
            onnx,
            output,
        };
        mode.AddTo(command, search);
        search.AddTo(command);
        compilation.AddTo(command, scale: false);
        reportOptions.AddTo(command);
        measure.AddTo(command);
        keyBlocks.AddTo(command, search, measure);
        evaluation.AddTo(command);
        command.Runs((result, terminal, cancellation) =>
        {
            string? page = reportOptions.Path(result);
            string target = result.GetRequiredValue(output);
            string source = result.GetRequiredValue(onnx);
            ParameterOptimizer optimizer = measure.Optimizer(result, terminal, cancellation);
            CompilationRequest? request = null;
            Compilation compiled = ModelSource.Compile(source, (bytes, name) => request = compilation.Request(result, bytes, name, search.Scale(result)));
            LabelledSamples? validation = search.IsGiven(result) ? search.Read(result, compiled.Circuit.Input.Shape) : null;
            LabelledSamples? tests = evaluation.Read(result, search.Scale(result), compiled.Circuit.Input.Shape) ?? validation;
            evaluation.Check(result, compiled, tests);
            (CompiledModel model, SearchReport? searched) = validation is not null
                ? SearchReport.Run(compiled.Circuit, validation, search.Tolerance(result), optimizer, cancellation)
                : (ForMode(source, compiled.Circuit, mode.ChosenOrDefault(result), keyBlocks.Keys(result), optimizer), null);
            long bytes = ModelFile.Write(model, target);
            ModelReport report = ModelReport.Of(model, target, bytes).With(compiled) with { Search = searched };
            if (tests is not null || page is not null || terminal.Json)
            {
                report = evaluation.Extend(result, report, new CompiledData(model, request!, source, tests), terminal, cancellation);
            }

            ReportFile.Write(report, page);
            terminal.Result(report, console => ModelReportView.Write(console, report));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static CompiledModel ForMode(string path, FheCircuit circuit, ExecutionMode mode, KeyDistribution keys, ParameterOptimizer optimizer) =>
        keys.IsUniform ? ModelSource.ForMode(path, circuit, mode, optimizer) : ModelSource.ForMode(path, circuit, mode, keys);
}
