using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Operators;

/// <summary>Functions of one number: they wait in the chain for the quantizer that tabulates them.</summary>
internal static class UnaryOperators
{
    public static GraphValue Relu(GraphNode node, ImportContext context) => Apply(node, context, x => MathF.Max(x, 0));

    private static GraphValue Apply(GraphNode node, ImportContext context, Func<float, float> function) => context.Input(node, 0) switch
    {
        EncryptedValue x => x with { Chain = x.Chain.Then(new ElementOperation(node.Label, (v, _) => function(v), null)), Quantizer = null },
        _ => throw new UnsupportedModelException($"Node {node.Label} is applied to the input before its quantizer; only an affine pre-scaling of the input is supported."),
    };
}
