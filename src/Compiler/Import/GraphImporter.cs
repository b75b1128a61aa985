using BlindGrain.Compiler.Onnx;
using BlindGrain.Compiler.Operators;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Import;

/// <summary>Walks an ONNX graph in its order and builds the circuit.</summary>
internal static class GraphImporter
{
    public static FheCircuit Import(ModelProto model, string name)
    {
        GraphProto graph = model.Graph;
        var context = new ImportContext();
        using var folder = new ConstantFolder(model);
        foreach (TensorProto initializer in graph.Initializer)
        {
            context.Bind(initializer.Name, new ConstantValue(OnnxFile.ToTensor(initializer)));
        }

        BindInput(graph, context);
        foreach (NodeProto proto in graph.Node)
        {
            var node = new GraphNode(proto);
            if (IsFolded(node, context))
            {
                folder.Fold(node, context);
                continue;
            }

            GraphValue result = OperatorTable.For(node)(node, context);
            if (node.Outputs.Count == 0 || node.Outputs.Skip(1).Any(o => o.Length > 0))
            {
                throw new UnsupportedModelException($"Node {node.Label} has {node.Outputs.Count} outputs; one is supported.");
            }

            context.Bind(node.Outputs[0], result);
        }

        return Finish(graph, context, name);
    }

    /// <summary>Whether a node is computed now: its inputs are constants, and no handler has to keep what a quantizer said of them.</summary>
    private static bool IsFolded(GraphNode node, ImportContext context)
    {
        GraphValue[] inputs = [.. node.Inputs.Where(i => i.Length > 0).Select(context.Value)];
        return !OperatorTable.IsQonnx(node)
            && inputs.All(i => i is ConstantValue or QuantizedConstantValue)
            && !(OperatorTable.KeepsQuantization(node) && inputs is [QuantizedConstantValue, ..]);
    }

    private static void BindInput(GraphProto graph, ImportContext context)
    {
        List<ValueInfoProto> inputs = [.. graph.Input.Where(i => !context.Knows(i.Name))];
        if (inputs.Count != 1)
        {
            throw new UnsupportedModelException($"The model has {inputs.Count} inputs ({string.Join(", ", inputs.Select(i => i.Name))}); one is supported.");
        }

        TensorShapeProto? proto = inputs[0].Type?.TensorType?.Shape;
        if (proto is null || proto.Dim.Count == 0)
        {
            throw new InvalidModelException($"Input '{inputs[0].Name}' has no shape; export the model with a fixed input shape (the batch may be open).");
        }

        var shape = new int[proto.Dim.Count];
        for (int a = 0; a < shape.Length; a++)
        {
            long d = proto.Dim[a].DimValue;
            bool open = d <= 0;
            if ((open && a > 0) || d > 1 << 24)
            {
                throw new UnsupportedModelException($"Axis {a} of input '{inputs[0].Name}' has no usable size; only the batch (axis 0) may be open.");
            }

            // One sample at a time: the batch axis becomes 1.
            shape[a] = a == 0 && shape.Length > 1 ? 1 : (int)d;
        }

        if (shape.Aggregate(1.0, (a, b) => a * b) > CircuitInput.MaxLength)
        {
            throw new UnsupportedModelException($"Input '{inputs[0].Name}' of shape [{string.Join(", ", shape)}] has too many values; at most {CircuitInput.MaxLength} are supported.");
        }

        context.Bind(inputs[0].Name, new InputValue(shape, [1], [0]));
    }

    private static FheCircuit Finish(GraphProto graph, ImportContext context, string name)
    {
        if (graph.Output.Count != 1)
        {
            throw new UnsupportedModelException($"The model has {graph.Output.Count} outputs; one is supported.");
        }

        if (context.Value(graph.Output[0].Name) is not EncryptedValue output || context.Circuit.Input is null)
        {
            throw new UnsupportedModelException($"Output '{graph.Output[0].Name}' does not depend on the quantized input; there is nothing to encrypt.");
        }

        (float[] factor, float[] summand) = output.Chain.ToAffine(output.Length, "stands between the last quantizer and the output, where no look-up is");
        int[] shape = output.Shape.Length > 1 ? output.Shape[1..] : output.Shape;
        return new FheCircuit(name, context.Circuit.Input, context.Circuit.Steps, new CircuitOutput(output.Source, shape, Shared(factor), Shared(summand)));
    }

    /// <summary>One number where all are equal.</summary>
    private static float[] Shared(float[] values) => values.All(v => v == values[0]) ? [values[0]] : values;
}
