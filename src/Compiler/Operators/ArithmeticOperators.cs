using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Operators;

/// <summary>Add, Sub, Mul and Div of a tensor and a constant, in either order.</summary>
internal static class ArithmeticOperators
{
    public static GraphValue Add(GraphNode node, ImportContext context) => Handle(node, context, (x, c) => x + c, (x, c) => c + x, c => (1, c), c => (1, c));

    public static GraphValue Subtract(GraphNode node, ImportContext context) => Handle(node, context, (x, c) => x - c, (x, c) => c - x, c => (1, -c), c => (-1, c));

    public static GraphValue Multiply(GraphNode node, ImportContext context) => Handle(node, context, (x, c) => x * c, (x, c) => c * x, c => (c, 0), c => (c, 0));

    public static GraphValue Divide(GraphNode node, ImportContext context) => Handle(node, context, (x, c) => x / c, (x, c) => c / x, c => (1 / c, 0), null);

    /// <summary>Applies an operation with the constant second (or first), and its affine form where it has one.</summary>
    private static GraphValue Handle(
        GraphNode node,
        ImportContext context,
        Func<float, float, float> constantSecond,
        Func<float, float, float> constantFirst,
        Func<double, (double Factor, double Summand)> affineSecond,
        Func<double, (double Factor, double Summand)>? affineFirst)
    {
        if (node.Inputs.Count != 2)
        {
            throw new InvalidModelException($"Node {node.Label} has {node.Inputs.Count} inputs; it takes two.");
        }

        GraphValue a = context.Input(node, 0), b = context.Input(node, 1);
        bool second = b is ConstantValue or QuantizedConstantValue;
        if (!second && a is not (ConstantValue or QuantizedConstantValue))
        {
            throw new UnsupportedModelException($"Node {node.Label} joins two tensors that both depend on the input; one of them must be constant.");
        }

        Tensor constant = context.Constant(node, second ? 1 : 0, "an operand");
        Func<float, float, float> apply = second ? constantSecond : constantFirst;
        Func<double, (double Factor, double Summand)>? affine = second ? affineSecond : affineFirst;
        switch (second ? a : b)
        {
            case EncryptedValue x:
                float[] c = Broadcasting.To(constant, x.Shape, node.Label);
                var operation = new ElementOperation(node.Label, (v, i) => apply(v, c[i]), affine is null ? null : i => affine(c[i]));
                return x with { Chain = x.Chain.Then(operation), Quantizer = null };
            case InputValue x:
                return PreScale(node, x, constant, affine ?? throw new UnsupportedModelException($"Node {node.Label} divides by the input before its quantizer; only an affine pre-scaling of the input is supported."));
            default:
                throw new InvalidOperationException("Constants are folded before operators see them.");
        }
    }

    private static InputValue PreScale(GraphNode node, InputValue x, Tensor constant, Func<double, (double Factor, double Summand)> affine)
    {
        float[] c = constant.Length == 1 ? constant.Data : Broadcasting.To(constant, x.Shape, node.Label);
        int length = Math.Max(c.Length, x.Multiplier.Length);
        var multiplier = new float[length];
        var offset = new float[length];
        for (int i = 0; i < length; i++)
        {
            (double f, double s) = affine(c[c.Length == 1 ? 0 : i]);
            int from = x.Multiplier.Length == 1 ? 0 : i;
            (multiplier[i], offset[i]) = ((float)(x.Multiplier[from] * f), (float)((x.Offset[from] * f) + s));
        }

        return x with { Multiplier = multiplier, Offset = offset };
    }
}
