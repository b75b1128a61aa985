using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Compiler.Operators;
using Google.Protobuf;

namespace BlindGrain.Compiler.Quantization;

/// <summary>
/// Post-training quantization: puts QONNX quantizers into a float model, where its operators need integers, in order of the graph. Each is calibrated on what
/// reaches it when everything before it is quantized already.
/// </summary>
public sealed class PostTrainingQuantizer
{
    private static readonly string[] s_weighted = ["Conv", "ConvTranspose", "Gemm", "MatMul"];
    private static readonly string[] s_summing = ["AveragePool", "GlobalAveragePool", "ReduceMean", "ReduceSum"];
    private static readonly string[] s_comparing = ["GlobalMaxPool", "MaxPool", "ReduceMax", "ReduceMin"];
    private static readonly string[] s_pairs = ["Add", "Max", "Mean", "Min", "Mul", "Sub", "Sum"];
    private static readonly string[] s_ends = ["ArgMax", "ArgMin", "LogSoftmax", "Softmax", "TopK"];
    private static readonly string[] s_affine = ["Add", "BatchNormalization", "Cast", "Div", "Dropout", "Identity", "Mul", "Neg", "Sub"];
    private static readonly string[] s_keepOrder = ["Dropout", "Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze"];
    private static readonly string[] s_move = ["DepthToSpace", "Expand", "Gather", "Pad", "Resize", "Slice", "SpaceToDepth", "Split", "Tile", "Transpose", "Upsample"];

    private readonly ModelProto _model;
    private readonly ModelProto _float;
    private readonly IReadOnlyList<float[]> _samples;
    private readonly PostTrainingOptions _options;
    private readonly string _input;
    private readonly ActivationRunner _runner;
    private readonly ActivationRunner _floatRunner;
    private readonly Dictionary<string, TensorFacts> _facts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorGrid> _quantized = new(StringComparer.Ordinal);
    private readonly List<QuantizationPoint> _points = [];

    private PostTrainingQuantizer(ModelProto model, IReadOnlyList<float[]> samples, PostTrainingOptions options)
    {
        _options = options;
        _samples = samples;
        ValueInfoProto[] inputs = [.. model.Graph.Input.Where(i => model.Graph.Initializer.All(t => t.Name != i.Name))];
        if (inputs.Length != 1 || inputs[0].Type?.TensorType?.Shape is not { Dim.Count: > 0 } shape)
        {
            throw new UnsupportedModelException($"The model has {inputs.Length} inputs; one with a shape is supported.");
        }

        _input = inputs[0].Name;
        shape.Dim[0].DimValue = shape.Dim.Count > 1 ? 1 : shape.Dim[0].DimValue;
        long[] sizes = [.. shape.Dim.Select(d => d.DimValue < 1 ? 1 : d.DimValue)];
        long length = sizes.Aggregate(1L, (a, b) => a * b);
        foreach (float[] sample in samples)
        {
            if (sample.Length != length)
            {
                throw new ArgumentException($"A calibration sample has {sample.Length} values; the model's input of shape [{string.Join(", ", sizes)}] takes {length}.", nameof(samples));
            }
        }

        _float = model.Clone();
        _model = model;
        _model.IrVersion = Math.Clamp(_model.IrVersion, 8, 10);
        _model.OpsetImport.Add(new OperatorSetIdProto { Domain = "qonnx.custom_op.general", Version = 1 });
        _runner = new ActivationRunner(_model, _input, sizes);
        _floatRunner = new ActivationRunner(_float, _input, sizes);
        _facts.Add(_input, new TensorFacts(true, _input, null, true));
        foreach (TensorProto initializer in _model.Graph.Initializer)
        {
            _facts[initializer.Name] = TensorFacts.Constant;
        }
    }

    /// <summary>Whether a model holds quantizers already: then it is compiled as it is.</summary>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model.</exception>
    public static bool IsQuantized(byte[] onnx)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        return OnnxFile.Parse(onnx).Graph.Node.Any(n => OperatorTable.IsQonnx(new GraphNode(n)) || n.OpType.Contains("QLinear", StringComparison.Ordinal)
            || n.OpType is "QuantizeLinear" or "DequantizeLinear" or "MatMulInteger" or "ConvInteger" or "QGemm");
    }

    /// <summary>Quantizes a float model.</summary>
    /// <param name="onnx">The bytes of an ONNX file without quantizers.</param>
    /// <param name="samples">Calibration data: inputs of the model, flat; some hundred are plenty.</param>
    /// <param name="options">Widths and methods.</param>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model, or ONNX Runtime cannot run it.</exception>
    /// <exception cref="UnsupportedModelException">The model has several inputs.</exception>
    /// <exception cref="ArgumentException">There are no samples, or they do not fit the model's input; a setting is outside its range.</exception>
    public static QuantizedModel Quantize(byte[] onnx, IReadOnlyList<float[]> samples, PostTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (samples.Count == 0)
        {
            throw new ArgumentException("Post-training quantization needs at least one calibration sample.", nameof(samples));
        }

        var quantizer = new PostTrainingQuantizer(OnnxFile.Parse(onnx), samples, options);
        quantizer.Run();
        return new QuantizedModel(quantizer._model.ToByteArray(), quantizer._points);
    }

    private void Run()
    {
        GraphProto graph = _model.Graph;
        NodeProto[] nodes = [.. graph.Node];
        graph.Node.Clear();
        foreach (NodeProto proto in nodes)
        {
            var node = new GraphNode(proto);
            if (node.HasSubgraph)
            {
                throw new UnsupportedModelException($"Node {node.Label} holds a graph of its own; export the model without control flow.");
            }

            Visit(node);
        }

        for (int o = 0; o < graph.Output.Count; o++)
        {
            TensorFacts facts = Facts(graph.Output[o].Name);
            if (facts.Depends && !facts.Affine && facts.Grid is null)
            {
                graph.Output[o] = new ValueInfoProto { Name = Quantized(graph.Output[o].Name, _options.OutputBits).Name };
            }
        }
    }

    private void Visit(GraphNode node)
    {
        int[] dependent = [.. Enumerable.Range(0, node.Inputs.Count).Where(i => node.HasInput(i) && Facts(node.Inputs[i]).Depends)];
        TensorFacts result = dependent.Length == 0 || node.OpType is "Shape" or "Size" ? TensorFacts.Constant : node.OpType switch
        {
            var op when s_weighted.Contains(op) => Weighted(node, dependent),
            var op when s_summing.Contains(op) => Combine(node, 0, Fresh(node)),
            var op when s_comparing.Contains(op) => Combine(node, 0, null),
            var op when s_ends.Contains(op) => End(node),
            var op when s_pairs.Contains(op) && dependent.Length > 1 && dependent.Select(i => Facts(node.Inputs[i]).Root).Distinct(StringComparer.Ordinal).Count() > 1 => Pair(node, dependent),
            "Concat" => Fresh(node) with { Affine = dependent.All(i => Facts(node.Inputs[i]).Affine) },
            _ => Elementwise(node, Facts(node.Inputs[dependent[0]])),
        };
        _model.Graph.Node.Add(node.Proto);
        foreach (string output in node.Outputs.Where(o => o.Length > 0))
        {
            _facts[output] = result;
        }

        if (s_weighted.Contains(node.OpType) && dependent.Length > 0 && _options.CorrectBias)
        {
            CorrectBias(node);
        }
    }

    private static TensorFacts Fresh(GraphNode node) => new(true, node.FirstOutput, null, true);

    private static TensorFacts Elementwise(GraphNode node, TensorFacts x) => x with
    {
        Root = s_move.Contains(node.OpType) ? node.FirstOutput : x.Root,
        Grid = s_keepOrder.Contains(node.OpType) || s_move.Contains(node.OpType) ? x.Grid : null,
        Affine = x.Affine && (s_affine.Contains(node.OpType) || s_keepOrder.Contains(node.OpType) || s_move.Contains(node.OpType)),
    };

    /// <summary>Softmax and its like: the client computes them, so what they read must be able to leave.</summary>
    private TensorFacts End(GraphNode node)
    {
        TensorFacts x = Facts(node.Inputs[0]);
        if (!x.Affine && x.Grid is null)
        {
            node.Proto.Input[0] = Quantized(node.Inputs[0], _options.OutputBits).Name;
        }

        return Fresh(node);
    }

    /// <summary>A node whose input <paramref name="index"/> must be integers.</summary>
    private TensorFacts Combine(GraphNode node, int index, TensorFacts? result)
    {
        TensorGrid grid = Quantized(node.Inputs[index], _options.ActivationBits);
        node.Proto.Input[index] = grid.Name;
        return result ?? Fresh(node) with { Grid = grid };
    }

    private TensorFacts Weighted(GraphNode node, int[] dependent)
    {
        if (dependent is [var only and < 2])
        {
            _ = Combine(node, only, null);
            int weights = 1 - only;
            if (node.HasInput(weights))
            {
                node.Proto.Input[weights] = QuantizedWeights(node, node.Inputs[weights], weights);
            }
        }

        return Fresh(node);
    }

    private TensorFacts Pair(GraphNode node, int[] dependent)
    {
        if (node.OpType == "Mul")
        {
            foreach (int i in dependent)
            {
                _ = Combine(node, i, null);
            }

            return Fresh(node);
        }

        // Sums and maxima take all operands on one step: that of the first that is quantized already, or halves of it.
        int first = Array.Find(dependent, i => Known(node.Inputs[i]) is not null) is var known && Known(node.Inputs[known]) is not null ? known : dependent[0];
        TensorGrid grid = Quantized(node.Inputs[first], _options.ActivationBits);
        node.Proto.Input[first] = grid.Name;
        foreach (int i in dependent.Where(i => i != first))
        {
            node.Proto.Input[i] = OnStep(node.Inputs[i], grid.Scale).Name;
        }

        return Fresh(node) with { Grid = node.OpType is "Max" or "Min" ? grid : null };
    }

    private TensorGrid? Known(string tensor) => Facts(tensor).Grid is { } grid ? grid with { Name = tensor } : _quantized.GetValueOrDefault(tensor);

    private TensorGrid Quantized(string tensor, int bits)
    {
        if (Known(tensor) is { } known)
        {
            return known;
        }

        bits = tensor == _input ? _options.InputBits : bits;
        float[] values = Values(tensor);
        (double min, double max) = RangeEstimator.Of(values, _options, 1 << bits);
        float scale = (float)((max - min) / ((1 << bits) - 1));
        scale = scale > 0 ? scale : 1;
        return Insert(tensor, scale, (int)Math.Round(-min / scale), bits);
    }

    /// <summary>A tensor on a given step, or on a half, quarter, … of it where that is too coarse for its range.</summary>
    private TensorGrid OnStep(string tensor, float step)
    {
        if (Known(tensor) is { } known && known.Scale == step)
        {
            return known;
        }

        float[] values = Values(tensor);
        (double min, double max) = RangeEstimator.Of(values, _options, 1 << _options.ActivationBits);
        while ((max - min) / step < 1 << (_options.ActivationBits - 1) && max > min)
        {
            step /= 2;
        }

        int bits = 1;
        while ((max - min) / step > (1 << bits) - 1 && bits < 12)
        {
            bits++;
        }

        return Insert(tensor, step, (int)Math.Round(-min / step), bits);
    }

    private TensorGrid Insert(string tensor, float scale, int zeroPoint, int bits)
    {
        string name = $"{tensor}/quantized";
        for (int i = 2; _facts.ContainsKey(name); i++)
        {
            name = $"{tensor}/quantized{i}";
        }

        var writer = new QuantWriter(_model.Graph, name);
        writer.Write(tensor, [scale], [], zeroPoint, bits, signed: false);
        var grid = new TensorGrid(name, scale);
        _facts[name] = new TensorFacts(true, name, grid, true);
        _quantized[tensor] = grid;
        _points.Add(new QuantizationPoint(tensor, bits, [scale], zeroPoint, IsWeight: false));
        return grid;
    }

    private string QuantizedWeights(GraphNode node, string tensor, int index)
    {
        if (Facts(tensor).Depends)
        {
            return tensor;
        }

        TensorProto? initializer = _model.Graph.Initializer.FirstOrDefault(t => t.Name == tensor);
        Tensor weights;
        if (initializer is not null)
        {
            weights = OnnxFile.ToTensor(initializer);
        }
        else
        {
            (float[] values, int[] shape) = _runner.Constant(tensor);
            weights = new Tensor(shape, values);
        }

        (QuantizedTensor quantized, string name) = (WeightQuantizer.Quantize(node, weights, index, _options), $"{tensor}/{node.StepName}/quantized");
        new QuantWriter(_model.Graph, name).Write(tensor, quantized.Scales, quantized.ScaleShape, 0, _options.WeightBits, signed: true);
        _facts[name] = TensorFacts.Constant;
        _points.Add(new QuantizationPoint(tensor, _options.WeightBits, quantized.Scales, 0, IsWeight: true));
        return name;
    }

    /// <summary>Adds the mean difference to the float model, a channel (axis 1).</summary>
    private void CorrectBias(GraphNode node)
    {
        string output = node.Outputs[0];
        (float[][] exact, int[] shape) = _floatRunner.Run(output, _samples);
        (float[][] quantized, _) = _runner.Run(output, _samples);
        int channels = shape.Length > 1 ? shape[1] : shape[0], inner = shape.Length > 2 ? Sizes.Product(shape.AsSpan(2)) : 1;
        if (shape.Length > 1 && node.OpType is "MatMul")
        {
            (channels, inner) = (shape[^1], 1);
        }

        var sum = new double[channels];
        for (int s = 0; s < exact.Length; s++)
        {
            for (int i = 0; i < exact[s].Length; i++)
            {
                sum[i / inner % channels] += exact[s][i] - quantized[s][i];
            }
        }

        double count = (double)exact.Length * exact[0].Length / channels;
        string raw = $"{output}/uncorrected";
        node.Proto.Output[0] = raw;
        var writer = new NodeWriter(_model.Graph, $"{output}/correction");
        int[] column = inner == 1 ? [channels] : [channels, .. Enumerable.Repeat(1, shape.Length - 2)];
        string constant = writer.Constant(column, [.. sum.Select(v => (float)(v / count))]);
        writer.AddNamed("Add", output, raw, constant);
        _facts[raw] = Facts(output);
    }

    private float[] Values(string tensor) => tensor == _input ? [.. _samples.SelectMany(s => s)] : [.. _runner.Run(tensor, _samples).Values.SelectMany(v => v)];

    private TensorFacts Facts(string tensor) => _facts.TryGetValue(tensor, out TensorFacts? facts) ? facts : throw new InvalidModelException($"The graph uses '{tensor}' before it is defined.");
}
