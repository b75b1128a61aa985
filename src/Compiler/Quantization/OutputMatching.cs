using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler.Quantization;

/// <summary>
/// Chooses integers by what they do to outputs, and not by how near they are to the floats that they replace: the float model's own values on the calibration data are
/// the target, where <see cref="PostTrainingOptions.MatchOutputs"/> and <see cref="PostTrainingOptions.MatchClasses"/> ask for it.
/// </summary>
internal sealed class OutputMatching
{
    /// <summary>The most products of two inputs that a layer's statistics may cost; more samples are passed over.</summary>
    private const double MaxWork = 1e10;

    private const int MaxFanIn = 2048;

    private readonly ModelProto _float;
    private readonly ModelInput _input;
    private readonly IReadOnlyList<float[]> _samples;
    private readonly Activations _targets;
    private readonly Activations _quantized;
    private readonly PostTrainingOptions _options;

    /// <summary>Keeps the float model.</summary>
    /// <param name="model">The model, still float here.</param>
    /// <param name="input">Its input.</param>
    /// <param name="samples">Calibration data.</param>
    /// <param name="quantized">What the tensors hold of the model that is being quantized.</param>
    /// <param name="options">Widths and methods.</param>
    public OutputMatching(ModelProto model, ModelInput input, IReadOnlyList<float[]> samples, Activations quantized, PostTrainingOptions options)
    {
        _float = model.Clone();
        _input = input;
        _samples = samples;
        _quantized = quantized;
        _options = options;
        _targets = new Activations(_float, input, samples);
    }

    /// <summary>The input's step for which the float model's classes, on quantized inputs, are nearest to its own; null where that is not asked for.</summary>
    /// <param name="min">The least value of the input, at most zero.</param>
    /// <param name="max">The greatest, at least zero.</param>
    public float? InputStep(double min, double max)
    {
        if (!_options.MatchClasses || _float.Graph.Output.Count == 0 || max <= min)
        {
            return null;
        }

        using var search = new InputStepSearch(_float, _input, _samples, _options.InputBits);
        return search.Run(min, max);
    }

    /// <summary>Integer weights of a dense layer or a convolution; null for other nodes, and for layers too wide to be solved.</summary>
    /// <param name="node">The node, its data input quantized already.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="index">Which input they are.</param>
    public MatchedWeights? Weights(GraphNode node, Tensor weights, int index)
    {
        if (!_options.MatchOutputs || _options.WeightBits < 2 || index != 1 || LinearGeometry.Of(node, weights) is not { } geometry || geometry.FanIn > MaxFanIn)
        {
            return null;
        }

        (float[][] inputs, int[] inputShape) = _quantized.Of(node.Inputs[0]);
        (float[][] outputs, int[] outputShape) = _targets.Of(node.FirstOutput);
        if (!geometry.Fits(inputShape, outputShape))
        {
            return null;
        }

        var statistics = new OutputStatistics(geometry);
        int count = Math.Min(inputs.Length, outputs.Length), positions = geometry.Positions(outputShape);
        double work = (double)count * positions * geometry.FanIn * geometry.FanIn;
        statistics.Add(inputs.AsSpan(0, count), outputs.AsSpan(0, count), inputShape, outputShape, stride: (int)Math.Max(1, Math.Ceiling(work / MaxWork)));
        return LeastOutputError.Solve(geometry, statistics, weights, (1 << (_options.WeightBits - 1)) - 1, _options);
    }
}
