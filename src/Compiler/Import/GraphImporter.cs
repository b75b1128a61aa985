using BlindGrain.Compiler.Onnx;
using BlindGrain.Compiler.Operators;
using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Import;

/// <summary>Walks an ONNX graph in its order and builds the circuit.</summary>
internal static class GraphImporter
{
    /// <summary>Imports a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">The circuit's name.</param>
    /// <param name="options">How.</param>
    /// <param name="asOneSample">Whether the first axis of the input is a batch, which becomes 1.</param>
    public static CompiledCircuit Import(ModelProto model, string name, CompileOptions options, bool asOneSample)
    {
        GraphProto graph = model.Graph;
        using var context = new ImportContext(model, options);
        foreach (TensorProto initializer in graph.Initializer)
        {
            context.Bind(initializer.Name, new ConstantValue(OnnxFile.ToTensor(initializer)));
        }

        BindInput(graph, context, asOneSample);
        foreach (NodeProto proto in graph.Node)
        {
            var node = new GraphNode(proto);
            ImportNode(node, context);
            context.Release(node);
        }

        return new CompiledCircuit(CircuitFinisher.Finish(graph, context, name), context.Warnings);
    }

    private static void ImportNode(GraphNode node, ImportContext context)
    {
        GraphValue[] inputs = [.. node.Inputs.Where(i => i.Length > 0).Select(context.Value)];
        if (inputs.All(i => i is ConstantValue or QuantizedConstantValue) && !OperatorTable.KeepsQuantization(node, inputs))
        {
            ConstantFolder.Fold(node, context);
            return;
        }

        GraphValue[] results = OperatorTable.For(node)(node, context);
        if (node.Outputs.Count == 0 || node.Outputs.Skip(results.Length).Any(o => o.Length > 0))
        {
            throw new UnsupportedModelException($"Node {node.Label} has {node.Outputs.Count} outputs; {results.Length} supported.");
        }

        for (int o = 0; o < node.Outputs.Count; o++)
        {
            if (node.Outputs[o].Length > 0)
            {
                context.Bind(node.Outputs[o], results[o]);
            }
        }
    }

    private static void BindInput(GraphProto graph, ImportContext context, bool asOneSample)
    {
        List<ValueInfoProto> inputs = [.. graph.Input.Where(i => !context.Knows(i.Name))];
        if (inputs.Count != 1)
        {
            throw ModelInput.Several(inputs);
        }

        ValueInfoProto input = inputs[0];
        TensorShapeProto? proto = input.Type?.TensorType?.Shape;
        if (proto is null || proto.Dim.Count == 0)
        {
            throw new InvalidModelException($"Input '{input.Name}' has no shape; export the model with a fixed input shape (the batch may be open).");
        }

        var shape = new int[proto.Dim.Count];
        for (int a = 0; a < shape.Length; a++)
        {
            long d = proto.Dim[a].DimValue;
            bool open = d <= 0;
            if ((open && a > 0) || d > 1 << 24)
            {
                throw new UnsupportedModelException($"Axis {a} of input '{input.Name}' has no usable size; only the batch (axis 0) may be open.");
            }

            // One sample at a time: the batch axis becomes 1.
            shape[a] = a == 0 && shape.Length > 1 && (open || asOneSample) ? 1 : (int)Math.Max(1, d);
        }

        if (shape.Aggregate(1.0, (a, b) => a * b) > CircuitInput.MaxLength)
        {
            throw new UnsupportedModelException($"Input '{input.Name}' of shape [{string.Join(", ", shape)}] has too many values; at most {CircuitInput.MaxLength} are supported.");
        }

        context.InputShape = shape;
        int length = Sizes.Product(shape);
        var value = new InputValue(shape, [.. Enumerable.Range(0, length)], [.. Enumerable.Repeat(1f, length)], new float[length]);
        ElementType type = (ElementType)(input.Type!.TensorType.ElemType);
        context.Bind(input.Name, type switch
        {
            ElementType.Int8 or ElementType.UInt8 => InputQuantizer.Set(
                new GraphNode(new NodeProto { OpType = "Input", Name = input.Name }), context, value, new(1, 0, 8, type == ElementType.Int8, false), [1], [0]),
            ElementType.Float or ElementType.Double => value,
            _ => throw new UnsupportedModelException($"Input '{input.Name}' is of element type {type}; float, double, int8 and uint8 are supported."),
        });
    }
}
