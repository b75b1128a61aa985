using System.CommandLine;
using System.CommandLine.Parsing;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Data;
using BlindGrain.Compiler;
using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Reports.Evaluation;

/// <summary>What <c>compile</c> has at hand when it reports.</summary>
/// <param name="Model">The compiled model.</param>
/// <param name="Request">How it was compiled.</param>
/// <param name="Source">The ONNX file.</param>
/// <param name="Tests">Labelled samples, where some were given.</param>
internal sealed record CompiledData(CompiledModel Model, CompilationRequest Request, string Source, LabelledSamples? Tests);

/// <summary>The options that let <c>compile</c> say what data make of the model: test samples, and the trade-off over bit-widths.</summary>
internal sealed class CompiledEvaluationOptions
{
    private readonly Option<string?> _test = new("--test")
    {
        Description = "Labelled samples that the report measures the accuracy of each stage with, in the forms that --data of 'simulate' takes; those of --validation by default.",
        HelpName = "DATA",
    };

    private readonly Option<string?> _labels = new("--test-labels")
    {
        Description = "The labels of --test, where it holds none.",
        HelpName = "LABELS",
    };

    private readonly Option<(int From, int To)?> _sweep = new("--sweep")
    {
        Description = "Quantize a float model at each of these bit-widths too, and report accuracy and cost over them: 2-8, for example. Takes as long as so many compilations.",
        HelpName = "2-8",
        CustomParser = ParseBits,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_test);
        command.Options.Add(_labels);
        command.Options.Add(_sweep);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_labels) is not null && result.GetResult(_test) is null)
            {
                result.AddError("--test-labels goes with --test: give samples.");
            }
        });
    }

    /// <summary>The test samples, or null.</summary>
    /// <exception cref="CommandException">A file is missing, does not fit the model, or has no labels.</exception>
    public LabelledSamples? Read(ParseResult result, float? scale, int[] shape)
    {
        if (result.GetValue(_test) is not { } data)
        {
            return null;
        }

        LabelledSamples samples = SampleFiles.Read(data, result.GetValue(_labels), scale, shape);
        return samples.Labels is not null ? samples : throw CommandException.BadInput("--test needs labels: give --test-labels with it.");
    }

    /// <summary>Refuses a sweep that cannot be done, before anything is written.</summary>
    /// <exception cref="CommandException">The model was quantized already, or there are no labelled samples.</exception>
    public void Check(ParseResult result, Compilation compiled, LabelledSamples? tests)
    {
        if (result.GetValue(_sweep) is not null && (tests is null || compiled.Points.Count == 0))
        {
            throw CommandException.BadInput("--sweep quantizes a float model anew at each width: it needs a float model with --calibration, and labelled samples by --test.");
        }
    }

    /// <summary>A report with what the data say: test samples with labels, else the calibration data without.</summary>
    public ModelReport Extend(ParseResult result, ModelReport report, CompiledData data, Terminal terminal, CancellationToken cancellation)
    {
        LabelledSamples? samples = data.Tests ?? (data.Request.Calibration is { } calibration ? new LabelledSamples([.. calibration], null) : null);
        if (samples is null)
        {
            return report;
        }

        string name = data.Tests is null ? "calibration data" : "test data";
        report = report.With(Evaluator.Run(new EvaluationRequest(data.Model, samples, name, data.Source, 0), terminal, cancellation));
        return result.GetValue(_sweep) is { } bits ? report with { TradeOff = Sweep(report, data, bits, terminal, cancellation) } : report;
    }

    private static TradeOffReport Sweep(ModelReport report, CompiledData data, (int From, int To) bits, Terminal terminal, CancellationToken cancellation)
    {
        ExecutionMode mode = data.Model.Mode;
        var request = new SweepRequest(data.Request.Onnx, data.Request.Calibration!, data.Tests!.Inputs, data.Tests.Labels!)
        {
            Options = data.Request.Quantization ?? new PostTrainingOptions(),
            Exact = mode as ExecutionMode.Exact ?? new ExecutionMode.Exact(),
            Approximate = mode as ExecutionMode.Approximate ?? new ExecutionMode.Approximate(0.01),
        };
        var points = new List<SweepPoint>();
        foreach (SweepPoint point in PostTrainingSweep.Run(request, Enumerable.Range(bits.From, bits.To - bits.From + 1), cancellation))
        {
            points.Add(point);
            terminal.Note($"{point.Bits} bits: {point.Refusal ?? Html.Figures.Percent(point.Accuracy, 2)}");
        }

        return TradeOffReport.Of(points, report.Evaluation?.Stages.FirstOrDefault(s => s.Stage == "float")?.Accuracy, request.Options.ActivationBits);
    }

    private static (int From, int To)? ParseBits(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        int[] ends = [.. text.Split('-').Select(p => int.TryParse(p, out int bits) ? bits : 0)];
        if (ends is [var from, var to] && from >= 1 && to >= from && to <= 8)
        {
            return (from, to);
        }

        result.AddError($"'{text}' is no value of --sweep: write two widths from 1 to 8 such as 2-8.");
        return null;
    }
}
