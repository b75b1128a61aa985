using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler.Quantization;

/// <summary>Puts quantizers into a graph: chooses their ranges by what reaches them, and remembers which tensor lies on which grid.</summary>
internal sealed class QuantizerInserter(ModelProto model, string input, Activations activations, OutputMatching? matching, PostTrainingOptions options)
{
    /// <summary>A step is halved for a sum's operand until it resolves the operand's range; the integers then may take this many bits.</summary>
    private const int MaxSummandBits = 12;

    private readonly Dictionary<string, TensorFacts> _facts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorGrid> _quantized = new(StringComparer.Ordinal);
    private readonly List<QuantizationPoint> _points = [];

    /// <summary>The quantizers so far.</summary>
    public IReadOnlyList<QuantizationPoint> Points => _points;

    /// <summary>What is known of a tensor.</summary>
    /// <exception cref="InvalidModelException">No node before yields it.</exception>
    public TensorFacts Facts(string tensor) => _facts.TryGetValue(tensor, out TensorFacts? facts) ? facts : throw new InvalidModelException($"The graph uses '{tensor}' before it is defined.");

    /// <summary>Says what is known of a tensor.</summary>
    public void Define(string tensor, TensorFacts facts) => _facts[tensor] = facts;

    /// <summary>The grid of a tensor that lies on one, or that was quantized before; else null.</summary>
    public TensorGrid? Known(string tensor) => Facts(tensor).Grid is { } grid ? grid with { Name = tensor } : _quantized.GetValueOrDefault(tensor);

    /// <summary>A tensor on a grid of its own.</summary>
    public TensorGrid Quantized(string tensor, int bits)
    {
        if (Known(tensor) is { } known)
        {
            return known;
        }

        if (Facts(tensor).Inherited is { } inherited)
        {
            return Insert(tensor, inherited.Scale, inherited.ZeroPoint, inherited.Bits);
        }

        bits = tensor == input ? options.InputBits : bits;
        (double min, double max) = RangeEstimator.Of(activations.Of(tensor).Values, options, 1 << bits);
        float scale = (float)((max - min) / ((1 << bits) - 1));
        if (tensor == input && matching is not null)
        {
            scale = matching.InputStep(min, max) ?? scale;
        }

        scale = scale > 0 ? scale : 1;
        return Insert(tensor, scale, (int)Math.Round(-min / scale), bits);
    }

    /// <summary>A tensor on a given step, or on a half, quarter, … of it where that is too coarse for its range.</summary>
    public TensorGrid OnStep(string tensor, float step)
    {
        if (Known(tensor) is { } known && known.Scale == step)
        {
            return known;
        }

        (double min, double max) = RangeEstimator.Of(activations.Of(tensor).Values, options, 1 << options.ActivationBits);
        while ((max - min) / step < 1 << (options.ActivationBits - 1) && max > min)
        {
            step /= 2;
        }

        int bits = 1;
        while ((max - min) / step > (1 << bits) - 1 && bits < MaxSummandBits)
        {
            bits++;
        }

        return Insert(tensor, step, (int)Math.Round(-min / step), bits);
    }

    /// <summary>Constant weights with a quantizer; what depends on the input, and what the model quantized, stays as it is.</summary>
    public string QuantizedWeights(GraphNode node, string tensor, int index)
    {
        if (Facts(tensor) is { Depends: true } or { Grid: not null })
        {
            return tensor;
        }

        TensorProto? initializer = model.Graph.Initializer.FirstOrDefault(t => t.Name == tensor);
        Tensor weights;
        if (initializer is not null)
        {
            weights = OnnxFile.ToTensor(initializer);
        }
        else
        {
            (float[] values, int[] shape) = activations.Constant(tensor);
            weights = new Tensor(shape, values);
        }

        QuantizedTensor quantized = WeightQuantizer.Quantize(node, weights, index, options);
        string name = $"{tensor}/{node.StepName}/quantized", source = tensor;
        if (matching?.Weights(node, weights, index) is { } matched)
        {
            quantized = quantized with { Scales = matched.Scales };
            source = new NodeWriter(model.Graph, $"{tensor}/{node.StepName}/matched").Constant(weights.Shape, matched.Values);
        }

        new QuantWriter(model.Graph, name).Write(source, quantized.Scales, quantized.ScaleShape, 0, options.WeightBits, signed: true);
        _facts[name] = TensorFacts.Constant;
        _points.Add(new QuantizationPoint(tensor, options.WeightBits, quantized.Scales, 0, IsWeight: true));
        return name;
    }

    private TensorGrid Insert(string tensor, float scale, int zeroPoint, int bits)
    {
        string name = $"{tensor}/quantized";

        // A model of our own whose quantizer was taken out may still hold that quantizer's settings.
        for (int i = 2; _facts.ContainsKey(name) || _facts.ContainsKey($"{name}/settings/0"); i++)
        {
            name = $"{tensor}/quantized{i}";
        }

        new QuantWriter(model.Graph, name).Write(tensor, [scale], [], zeroPoint, bits, signed: false);
        var grid = new TensorGrid(name, scale, zeroPoint, bits);
        _facts[name] = new TensorFacts(true, name, grid, true);
        _quantized[tensor] = grid;
        _points.Add(new QuantizationPoint(tensor, bits, [scale], zeroPoint, IsWeight: false));
        return grid;
    }
}
