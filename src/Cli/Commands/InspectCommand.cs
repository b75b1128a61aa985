using System.CommandLine;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Models;
using BlindGrain.Cli.Reports;
using BlindGrain.Cli.Reports.Evaluation;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Commands;

/// <summary><c>inspect</c>: what a compiled model is made of.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE.bgc") { Description = "The compiled model." };
        var reportOptions = new ReportOptions();
        var evaluation = new EvaluationOptions();
        var command = new TaughtCommand("inspect", "Show what a compiled model is made of, and what it costs.", """
            Show what a compiled model is made of: layers, accumulator ranges and bit-widths, bootstraps, parameters,
            modelled cost, key sizes.

            A layer is a linear map with the table look-up that reads it; the last layer has no look-up, its integers leave
            encrypted. 'values' is the number of integers that the widest accumulator can take: the fewer, the cheaper.
            With --data the report shows the accumulators that they reach, and with labels the accuracy of each stage: of the
            float network (--float), of the circuit on clear integers, of encrypted runs (--encrypted).

              blindgrain inspect checkerboard.bgc
              blindgrain inspect checkerboard.bgc --json
              blindgrain inspect checkerboard.bgc --report checkerboard.html --data samples/checkerboard.points.csv --encrypted 10
            """)
        {
            file,
        };
        reportOptions.AddTo(command);
        evaluation.AddTo(command);
        command.Runs((result, terminal, cancellation) =>
        {
            string? page = reportOptions.Path(result);
            string path = result.GetRequiredValue(file);
            CompiledModel model = ModelFile.Read(path);
            ModelReport report = ModelReport.Of(model, path, new FileInfo(path).Length).With(evaluation.Evaluate(result, model, terminal, cancellation));
            ReportFile.Write(report, page);
            terminal.Result(report, console => ModelReportView.Write(console, report));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
