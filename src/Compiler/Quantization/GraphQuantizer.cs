using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler.Quantization;

/// <summary>Walks a float graph once, in its order, and puts quantizers where operators need integers.</summary>
internal sealed class GraphQuantizer
{
    private readonly ModelProto _model;
    private readonly PostTrainingOptions _options;
    private readonly QuantizerInserter _inserter;
    private readonly BiasCorrector _corrector;

    /// <summary>Prepares the walk; <paramref name="model"/> is changed by it.</summary>
    public GraphQuantizer(ModelProto model, IReadOnlyList<float[]> samples, PostTrainingOptions options)
    {
        _options = options;
        _model = model;
        var input = ModelInput.Of(model, samples.Count > 0 ? samples[0].Length : 0);
        input.Check(samples);
        GraphNode[] nodes = [.. model.Graph.Node.Select(n => new GraphNode(n))];
        if (Array.Find(nodes, n => n.HasSubgraph) is { } branching)
        {
            throw new UnsupportedModelException($"Node {branching.Label} holds a graph of its own; export the model without control flow.");
        }

        var activations = new Activations(model, input, samples);
        _inserter = new QuantizerInserter(model, input.Name, activations, options.MatchOutputs || options.MatchClasses ? new OutputMatching(model, input, samples, activations, options) : null, options);
        _inserter.Define(input.Name, new TensorFacts(true, input.Name, null, true, Raw: true));
        foreach (TensorProto initializer in model.Graph.Initializer)
        {
            _inserter.Define(initializer.Name, TensorFacts.Constant);
        }

        _corrector = new BiasCorrector(model, input, samples, activations, options.CorrectBias ? Dependent(nodes, input.Name) : []);
        model.IrVersion = Math.Clamp(model.IrVersion, 8, 10);
        const string Qonnx = "qonnx.custom_op.general";
        if (model.OpsetImport.All(o => o.Domain != Qonnx))
        {
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = Qonnx, Version = 1 });
        }
    }

    /// <summary>Quantizes the model in place and lists its quantizers.</summary>
    public IReadOnlyList<QuantizationPoint> Run()
    {
        GraphProto graph = _model.Graph;
        NodeProto[] nodes = [.. graph.Node];
        graph.Node.Clear();
        foreach (NodeProto proto in nodes)
        {
            Visit(new GraphNode(proto));
        }

        for (int o = 0; o < graph.Output.Count; o++)
        {
            TensorFacts facts = _inserter.Facts(graph.Output[o].Name);
            if (facts.Depends && (facts.Raw || !facts.Affine) && facts.Grid is null)
            {
                graph.Output[o] = new ValueInfoProto { Name = _inserter.Quantized(graph.Output[o].Name, _options.OutputBits).Name };
            }
        }

        return _inserter.Points;
    }

    /// <summary>The products with weights whose result depends on the input.</summary>
    private static List<GraphNode> Dependent(GraphNode[] nodes, string input)
    {
        var depends = new HashSet<string>(StringComparer.Ordinal) { input };
        var found = new List<GraphNode>();
        foreach (GraphNode node in nodes.Where(n => n.Inputs.Any(depends.Contains)))
        {
            depends.UnionWith(node.Outputs.Where(o => o.Length > 0));
            if (OperatorKinds.Weighted.Contains(node.OpType))
            {
                found.Add(node);
            }
        }

        return found;
    }

    private void Visit(GraphNode node)
    {
        int[] dependent = [.. Enumerable.Range(0, node.Inputs.Count).Where(i => node.HasInput(i) && _inserter.Facts(node.Inputs[i]).Depends)];
        QuantizeRaw(node, dependent);
        TensorFacts result = dependent.Length == 0 || node.OpType is "Shape" or "Size" ? Constant(node) : node.OpType switch
        {
            _ when OperatorKinds.IsQuantizer(node) => Fresh(node) with { Grid = TensorGrid.Of(node.FirstOutput) },
            var op when OperatorKinds.Weighted.Contains(op) => Weighted(node, dependent),
            var op when OperatorKinds.Summing.Contains(op) => Combine(node, 0, Fresh(node)),
            var op when OperatorKinds.Comparing.Contains(op) => Maximum(node),
            var op when OperatorKinds.Ends.Contains(op) => End(node),
            var op when OperatorKinds.Pairs.Contains(op) && HasSeveralRoots(node, dependent) => Pair(node, dependent),
            "Concat" => Fresh(node) with { Affine = dependent.All(i => _inserter.Facts(node.Inputs[i]).Affine) },
            _ => Elementwise(node, dependent),
        };
        _model.Graph.Node.Add(node.Proto);
        foreach (string output in node.Outputs.Where(o => o.Length > 0))
        {
            _inserter.Define(output, OperatorKinds.Moving.Contains(node.OpType) ? result with { Root = output } : result);
        }

        if (OperatorKinds.Weighted.Contains(node.OpType) && dependent.Length > 0 && _options.CorrectBias)
        {
            _inserter.Define(_corrector.Correct(node), result);
        }
    }

    /// <summary>The client computes affine functions of the input alone; before anything else reads it, and before its parts go different ways, it is quantized.</summary>
    private void QuantizeRaw(GraphNode node, int[] dependent)
    {
        bool moves = OperatorKinds.SameOrder.Contains(node.OpType) || (OperatorKinds.Moving.Contains(node.OpType) && node.OpType is not ("Pad" or "Split"));
        bool affine = OperatorKinds.Affine.Contains(node.OpType) && (node.OpType != "Div" || dependent is [0]);
        if ((dependent.Length == 1 && (moves || affine || (OperatorKinds.IsQuantizer(node) && node.OpType != "MultiThreshold"))) || node.OpType is "Shape" or "Size")
        {
            return;
        }

        foreach (int i in dependent.Where(i => _inserter.Facts(node.Inputs[i]).Raw))
        {
            node.Proto.Input[i] = _inserter.Quantized(node.Inputs[i], _options.InputBits).Name;
        }
    }

    /// <summary>What is known of a constant: whether the model quantized it.</summary>
    private TensorFacts Constant(GraphNode node)
    {
        bool moves = OperatorKinds.SameOrder.Contains(node.OpType) || OperatorKinds.Moving.Contains(node.OpType);
        bool quantized = OperatorKinds.IsQuantizer(node) || (moves && node.HasInput(0) && _inserter.Facts(node.Inputs[0]).Grid is not null);
        return quantized ? TensorFacts.Constant with { Grid = TensorGrid.Of(node.FirstOutput) } : TensorFacts.Constant;
    }

    private bool HasSeveralRoots(GraphNode node, int[] dependent) =>
        dependent.Select(i => _inserter.Facts(node.Inputs[i]).Root).Distinct(StringComparer.Ordinal).Count() > 1;

    private static TensorFacts Fresh(GraphNode node) => new(true, node.FirstOutput, null, true);

    private TensorFacts Elementwise(GraphNode node, int[] dependent)
    {
        TensorFacts x = _inserter.Facts(node.Inputs[dependent[0]]);
        bool moves = OperatorKinds.Moving.Contains(node.OpType), keeps = moves || OperatorKinds.SameOrder.Contains(node.OpType);
        bool affine = keeps || node.OpType switch
        {
            "Add" or "Sub" => true,
            "Div" => dependent is [0],
            var op => OperatorKinds.Affine.Contains(op) && dependent.Length == 1,
        };
        return x with
        {
            Root = moves ? node.FirstOutput : x.Root,
            Grid = keeps ? x.Grid : null,
            Inherited = keeps ? x.Inherited : null,
            Affine = affine && dependent.All(i => _inserter.Facts(node.Inputs[i]).Affine),
        };
    }

    /// <summary>Softmax and its like: the client computes them, so what they read must be able to leave.</summary>
    private TensorFacts End(GraphNode node)
    {
        TensorFacts x = _inserter.Facts(node.Inputs[0]);
        if (!x.Affine && x.Grid is null)
        {
            node.Proto.Input[0] = _inserter.Quantized(node.Inputs[0], _options.OutputBits).Name;
        }

        return Fresh(node);
    }

    /// <summary>A node whose input <paramref name="index"/> must be integers.</summary>
    private TensorFacts Combine(GraphNode node, int index, TensorFacts? result)
    {
        TensorGrid grid = _inserter.Quantized(node.Inputs[index], _options.ActivationBits);
        node.Proto.Input[index] = grid.Name;
        return result ?? Fresh(node) with { Grid = grid };
    }

    /// <summary>
    /// Maxima lie on the grid of their input, but they are sums: what multiplies them next would force its own fine step of the torus on all comparisons, whose noise then
    /// drowns them in approximate mode. One more look-up, where integers are needed, parts the two.
    /// </summary>
    private TensorFacts Maximum(GraphNode node)
    {
        TensorFacts facts = Combine(node, 0, null);
        return facts.Grid is { Given: true } ? facts : facts with { Grid = null, Inherited = facts.Grid };
    }

    private TensorFacts Weighted(GraphNode node, int[] dependent)
    {
        foreach (int i in dependent.Where(i => i < 2))
        {
            _ = Combine(node, i, null);
        }

        if (dependent is [var only and < 2] && node.HasInput(1 - only))
        {
            node.Proto.Input[1 - only] = _inserter.QuantizedWeights(node, node.Inputs[1 - only], 1 - only);
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

        TensorGrid?[] known = [.. dependent.Select(i => _inserter.Known(node.Inputs[i]))];
        if (Array.Exists(known, k => k is { Given: true }))
        {
            // The model chose a step that is not changed; the compiler finds one for all.
            foreach (int i in dependent)
            {
                _ = Combine(node, i, null);
            }

            return Fresh(node) with { Grid = TensorGrid.Of(node.FirstOutput) };
        }

        // Sums and maxima take all operands on one step: that of the first that is quantized already, or halves of it.
        int first = dependent.FirstOrDefault(i => _inserter.Known(node.Inputs[i]) is not null, dependent[0]);
        TensorGrid grid = _inserter.Quantized(node.Inputs[first], _options.ActivationBits);
        node.Proto.Input[first] = grid.Name;
        foreach (int i in dependent.Where(i => i != first))
        {
            node.Proto.Input[i] = _inserter.OnStep(node.Inputs[i], grid.Scale).Name;
        }

        return Fresh(node) with { Grid = node.OpType is "Max" or "Min" ? grid : null };
    }
}
