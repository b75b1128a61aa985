using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler;

/// <summary>From an ONNX file, float or quantized, to a circuit: post-training quantization, import, calibrated ranges, limits.</summary>
public static class CompilationPipeline
{
    private const double NotableOverflow = 1e-3;

    /// <summary>Compiles.</summary>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model, or ONNX Runtime cannot run it.</exception>
    /// <exception cref="UnsupportedModelException">The model cannot become a circuit, or only a wider one than is allowed; the message names the node or the layers.</exception>
    /// <exception cref="ArgumentException">A float model came without calibration samples, or a quantized one with settings for quantization; samples do not fit the model; a
    /// setting is outside its range.</exception>
    public static Compilation Run(CompilationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        bool quantized = PostTrainingQuantizer.IsQuantized(request.Onnx);
        Check(request, quantized);

        // Calibrated ranges are narrower, so the limit holds for them.
        CompileOptions options = request.Margin is null ? request.Options : request.Options with { MaxBits = null };
        (QuantizedModel model, CompiledCircuit compiled) = quantized ? AsItIs(request, options) : Completed(request, options);
        if (request.Margin is not { } margin)
        {
            return new Compilation(compiled.Circuit, model.Onnx, model.Points, null, compiled.Warnings);
        }

        FheCircuit worstCase = compiled.Circuit;
        CalibratedCircuit calibrated = RangeCalibrator.Calibrate(worstCase, [.. request.Calibration!.Select(s => worstCase.Input.Quantize(s))], margin);
        if (request.Options.MaxBits is { } limit)
        {
            BitLimit.Check(calibrated.Circuit.Steps, calibrated.Circuit.Ranges, limit);
        }

        string[] warnings = calibrated.OverflowProbability <= NotableOverflow
            ? [.. compiled.Warnings]
            : [.. compiled.Warnings, FormattableString.Invariant($"A look-up reads a value outside its calibrated range with a probability of {calibrated.OverflowProbability:0.#E+0}, seen on half of the samples; a larger margin or more samples make that rarer.")];
        return new Compilation(calibrated.Circuit, model.Onnx, model.Points, calibrated, warnings);
    }

    private static void Check(CompilationRequest request, bool quantized)
    {
        if (request is { Margin: not null, Calibration: null or { Count: < 2 } })
        {
            throw new ArgumentException("Calibrated ranges need calibration data, two samples at least.", nameof(request));
        }

        if (!quantized && request.Calibration is null)
        {
            throw new ArgumentException("This is a float model: it holds no quantizers. Give calibration data, some hundred typical inputs, and bits, so that it can be quantized.", nameof(request));
        }
    }

    /// <summary>Compiles a model with quantizers; data complete it only where it cannot be compiled without.</summary>
    private static (QuantizedModel Model, CompiledCircuit Circuit) AsItIs(CompilationRequest request, CompileOptions options)
    {
        CompiledCircuit circuit;
        try
        {
            circuit = ModelCompiler.Compile(request.Onnx, request.Name, options);
        }
        catch (UnsupportedModelException) when (request.Calibration is not null)
        {
            (QuantizedModel Model, CompiledCircuit Circuit) completed = Completed(request, options);
            if (completed.Model.Points.Count == 0)
            {
                throw;
            }

            return completed;
        }

        if (request.Quantization is not null)
        {
            throw new ArgumentException("This model is quantized already, and is compiled with its own bits and scales. Leave bits, granularity and calibration method out.", nameof(request));
        }

        return request is { Calibration: not null, Margin: null }
            ? throw new ArgumentException("This model is quantized already: calibration data serve only calibrated ranges here. Ask for those, or leave the data out.", nameof(request))
            : (new QuantizedModel(request.Onnx, []), circuit);
    }

    private static (QuantizedModel Model, CompiledCircuit Circuit) Completed(CompilationRequest request, CompileOptions options)
    {
        QuantizedModel model = PostTrainingQuantizer.Quantize(request.Onnx, request.Calibration!, request.Quantization ?? new PostTrainingOptions());
        return (model, ModelCompiler.Compile(model.Onnx, request.Name, options));
    }
}
