using System.CommandLine;
using BlindGrain.Cli.Data;
using BlindGrain.Compiler;
using BlindGrain.Compiler.Quantization;

namespace BlindGrain.Cli.CommandLine;

/// <summary>The options that decide how an ONNX file becomes a circuit: calibration, quantization, ranges.</summary>
internal sealed class CompilationOptions
{
    private const int DefaultCount = 200;
    private readonly QuantizationOptions _quantization = new();
    private readonly RangeOptions _ranges = new();
    private readonly Option<string?> _calibration = new("--calibration")
    {
        Description = "Typical inputs of a float model, by which it is quantized: idx images, .csv, .npy, .npz, or a folder of PNG images. Labels are not needed.",
        HelpName = "DATA",
    };

    private readonly Option<int?> _count = BitsOption.Create("--calibration-count", $"Take the first N of the calibration data; {DefaultCount} by default.", 1, 1 << 20);
    private readonly Option<float?> _scale = new DataOptions().Scale;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="scale">Whether the command lacks --scale so far.</param>
    public void AddTo(Command command, bool scale)
    {
        command.Options.Add(_calibration);
        command.Options.Add(_count);
        if (scale)
        {
            command.Options.Add(_scale);
        }

        _quantization.AddTo(command);
        _ranges.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_count) is { Implicit: false } && result.GetResult(_calibration) is null)
            {
                result.AddError("--calibration-count goes with --calibration.");
            }
        });
    }

    /// <summary>The request for a file.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="onnx">The bytes of the ONNX file.</param>
    /// <param name="name">The circuit's name.</param>
    /// <param name="scale">What pixels are multiplied with, where the command has that option of its own.</param>
    /// <exception cref="CommandException">The calibration data cannot be read or do not fit the model.</exception>
    public CompilationRequest Request(ParseResult result, byte[] onnx, string name, float? scale)
    {
        string? data = result.GetValue(_calibration);
        PostTrainingOptions? quantization = _quantization.Chosen(result);
        if (data is null && !PostTrainingQuantizer.IsQuantized(onnx))
        {
            throw CommandException.BadInput("This is a float model: it holds no quantizers. Give --calibration DATA, some hundred typical inputs, so that it can be quantized (--bits 6 by default).");
        }

        if (data is null && _ranges.Margin(result) is not null)
        {
            throw CommandException.BadInput("--ranges calibrated needs --calibration DATA, some hundred typical inputs.");
        }

        LabelledSamples? samples = data is null ? null : SampleFiles.Read(data, null, scale ?? result.GetValue(_scale), PostTrainingQuantizer.InputShape(onnx));
        return new CompilationRequest(onnx, name)
        {
            Options = _ranges.Limits(result),
            Quantization = quantization,
            Calibration = samples?.Take(Math.Min(samples.Count, result.GetValue(_count) ?? DefaultCount)).Inputs,
            Margin = _ranges.Margin(result),
        };
    }
}
