using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Compiler.Quantization;

/// <summary>The trade-off of a float model: accuracy on clear integers against bootstraps, accumulator bits and cost, over bit-widths.</summary>
public static class PostTrainingSweep
{
    /// <summary>Quantizes, compiles and evaluates the model at each width in turn.</summary>
    /// <param name="request">The model, data and methods.</param>
    /// <param name="bits">The widths, each 1 to 8.</param>
    /// <param name="cancellation">Stops between two widths.</param>
    /// <returns>A point a width, as each is ready.</returns>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model, or ONNX Runtime cannot run it.</exception>
    /// <exception cref="ArgumentException">Samples do not fit the model or their labels; a setting is outside its range.</exception>
    public static IEnumerable<SweepPoint> Run(SweepRequest request, IEnumerable<int> bits, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(bits);
        return request.Validation.Count == request.Labels.Count && request.Labels.Count > 0
            ? Points(request, bits, cancellation)
            : throw new ArgumentException($"There are {request.Validation.Count} validation samples and {request.Labels.Count} labels; as many of either are needed, and one at least.", nameof(request));
    }

    private static IEnumerable<SweepPoint> Points(SweepRequest request, IEnumerable<int> bits, CancellationToken cancellation)
    {
        foreach (int width in bits)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Point(request, width);
        }
    }

    private static SweepPoint Point(SweepRequest request, int bits)
    {
        QuantizedModel model = PostTrainingQuantizer.Quantize(request.Onnx, request.Calibration, request.Options with { InputBits = bits, WeightBits = bits, ActivationBits = bits });
        FheCircuit circuit;
        try
        {
            circuit = ModelCompiler.Compile(model.Onnx, "sweep");
        }
        catch (UnsupportedModelException e)
        {
            return new SweepPoint(bits, 0, 0, 0, 0, 0, null, null, e.Message);
        }

        FheCircuit calibrated = request.Calibration.Count < 2 ? circuit : RangeCalibrator.Calibrate(circuit, [.. request.Calibration.Select(s => circuit.Input.Quantize(s))], request.Margin).Circuit;
        int correct = ClassAccuracy.Correct(circuit, request.Validation, request.Labels);
        return new SweepPoint(
            bits, correct, request.Labels.Count, circuit.Bootstraps, circuit.MaxBits, calibrated.MaxBits, Cost(circuit, request.Exact), Cost(calibrated, request.Approximate), null);
    }

    private static double? Cost(FheCircuit circuit, ExecutionMode mode)
    {
        try
        {
            return CompiledModel.Create(circuit, mode).Cost;
        }
        catch (ArgumentException)
        {
            // No parameters suffice: that is the answer.
            return null;
        }
    }
}
