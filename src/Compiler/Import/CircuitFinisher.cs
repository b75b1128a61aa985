using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Import;

/// <summary>Makes the circuit's output of the graph's: integers that leave, with scale and bias for the client.</summary>
internal static class CircuitFinisher
{
    public static FheCircuit Finish(GraphProto graph, ImportContext context, string name)
    {
        if (graph.Output.Count == 0)
        {
            throw new InvalidModelException("The graph has no output.");
        }

        GraphValue last = context.Value(graph.Output[0].Name);
        bool oneEnd = graph.Output.Count == 1 || (last is ClientValue first && graph.Output.All(o => context.Value(o.Name) is ClientValue c && ReferenceEquals(c.Source, first.Source)));
        if (!oneEnd)
        {
            throw new UnsupportedModelException($"The model has {graph.Output.Count} outputs ({string.Join(", ", graph.Output.Select(o => o.Name))}); one is supported.");
        }

        (EncryptedValue? value, ClientOperation? operation) = last switch
        {
            EncryptedValue e => (e, null),
            ClientValue c => (c.Source, c.Operation),
            _ => ((EncryptedValue?)null, (ClientOperation?)null),
        };
        var node = new GraphNode(new NodeProto { OpType = "Output", Name = graph.Output[0].Name });
        if (value is null || context.Circuit.Input is null || !Array.Exists(value.Elements, e => e.Value >= 0))
        {
            throw new UnsupportedModelException($"Output '{node.StepName}' does not depend on the quantized input; there is nothing to encrypt.");
        }

        EncryptedValue x = Affine(node, value, context);
        int source = OneValue(node, x, context);
        float[] scale = [.. x.Functions.Select((f, i) => x.Elements[i].Value < 0 ? 0 : (float)f.Affine!.Value.Factor)];
        float[] bias = [.. x.Functions.Select(f => (float)f.Affine!.Value.Summand)];
        if (context.Options.MaxBits is { } limit)
        {
            BitLimit.Check(context.Circuit.Steps, context.Circuit.Ranges, limit);
        }

        return new FheCircuit(name, context.Circuit.Input, context.Circuit.Steps, new CircuitOutput(source, Sizes.WithoutBatch(x.Shape), Shared.Of(scale), Shared.Of(bias), operation));
    }

    /// <summary>The output on affine functions: no look-up where it leaves as it is.</summary>
    private static EncryptedValue Affine(GraphNode node, EncryptedValue value, ImportContext context)
    {
        if (Array.Find(value.Functions, f => f.Affine is null && f.Grid is null) is { } bent)
        {
            throw new UnsupportedModelException($"Node {bent.Label} is not affine and stands between the last quantizer and the output, where no look-up is; put a quantizer behind it, so that a look-up can compute it.");
        }

        return context.LookUps.Affine(node, value);
    }

    /// <summary>The number of a value that holds the elements in their order.</summary>
    private static int OneValue(GraphNode node, EncryptedValue x, ImportContext context)
    {
        int source = Array.Find(x.Elements, e => e.Value >= 0).Value;
        bool whole = x.Elements.Length == context.Circuit.LengthOf(source) && x.Elements.Index().All(e => e.Item == new ElementReference(source, e.Index));
        if (whole)
        {
            return source;
        }

        var matrix = new MatrixBuilder();
        foreach (ElementReference element in x.Elements)
        {
            if (element.Value >= 0)
            {
                matrix.Add(element, 1);
            }

            matrix.EndRow();
        }

        return context.AddStep(node.StepName, name => new LinearStep(name, matrix.Build(context.Circuit.LengthOf, source), new long[x.Elements.Length]));
    }
}
