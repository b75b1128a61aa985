using BlindGrain.Compiler.Functions;
using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Operators;

/// <summary>
/// Functions of single elements, with constants beside them: they wait until a look-up computes them. Where both operands of a sum, product or maximum
/// depend on different encrypted numbers, <see cref="PairOperators"/> takes over.
/// </summary>
internal static class ElementwiseOperators
{
    /// <summary>An operator of one to three tensors.</summary>
    public static GraphValue[] Handle(GraphNode node, ImportContext context)
    {
        int count = node.OpType switch
        {
            "Add" or "And" or "BiasGelu" or "Div" or "Equal" or "Greater" or "GreaterOrEqual" or "Less" or "LessOrEqual" or "Mod" or "Mul" or "Or" or "PRelu" or "Pow" or "Sub" or "Xor" => 2,
            "Where" => 3,
            _ => 1,
        };
        if (node.Inputs.Count != count || !Enumerable.Range(0, count).All(node.HasInput))
        {
            throw new InvalidModelException($"Node {node.Label} has {node.Inputs.Count} inputs, or lacks one; {node.OpType} takes {count}.");
        }

        return [Apply(node, context, ElementOperator.Of(node.Proto), [.. Enumerable.Range(0, count).Select(i => context.Input(node, i))])];
    }

    /// <summary>Sum, Mean, Max and Min of any number of tensors, two at a time.</summary>
    public static GraphValue[] Variadic(GraphNode node, ImportContext context)
    {
        string op = node.OpType is "Sum" or "Mean" ? "Add" : node.OpType;
        GraphValue result = context.Input(node, 0);
        for (int i = 1; i < node.Inputs.Count; i++)
        {
            result = Apply(node, context, ElementOperator.Standard(op), result, context.Input(node, i));
        }

        return [node.OpType == "Mean" ? Apply(node, context, ElementOperator.Standard("Div"), result, Scalar(node.Inputs.Count)) : result];
    }

    /// <summary>Clip, whose bounds were attributes once and are inputs since operator set 11.</summary>
    public static GraphValue[] Clip(GraphNode node, ImportContext context)
    {
        float? low = node.Has("min") ? node.Float("min", 0) : context.OptionalConstant(node, 1, "a bound")?.Scalar($"The lower bound of node {node.Label}");
        float? high = node.Has("max") ? node.Float("max", 0) : context.OptionalConstant(node, 2, "a bound")?.Scalar($"The upper bound of node {node.Label}");
        GraphValue x = context.Input(node, 0);
        x = low is { } min ? Apply(node, context, ElementOperator.Standard("Max"), x, Scalar(min)) : x;
        return [high is { } max ? Apply(node, context, ElementOperator.Standard("Min"), x, Scalar(max)) : x];
    }

    /// <summary>Identity and, at inference, Dropout.</summary>
    public static GraphValue[] Identity(GraphNode node, ImportContext context) => [context.Input(node, 0)];

    /// <summary>An operator on values, at least one of which depends on the input.</summary>
    public static GraphValue Apply(GraphNode node, ImportContext context, ElementOperator op, params GraphValue[] inputs)
    {
        foreach (ClientValue end in inputs.OfType<ClientValue>())
        {
            return op.Is("Cast") && inputs.Length == 1 ? end : throw ImportContext.AfterTheEnd(node, end);
        }

        int[] shape = Sizes.Check(node.Label, Broadcasting.Shape(node.Label, [.. inputs.Select(i => i.Shape)]));
        Operand[] operands = [.. inputs.Select(i => new Operand(i, shape, context.Functions))];
        return inputs.Any(i => i is InputValue)
            ? PreScale(node, context, op, inputs, operands, shape)
            : !OneElementEach(operands, shape)
                ? PairOperators.Apply(node, context, op, inputs, shape)
                : Fuse(node, context, op, operands, shape);
    }

    private static EncryptedValue Fuse(GraphNode node, ImportContext context, ElementOperator op, Operand[] operands, int[] shape)
    {
        var elements = new ElementReference[Sizes.Product(shape)];
        var functions = new ElementFunction[elements.Length];
        ElementFunction[] inputs = new ElementFunction[operands.Length], before = new ElementFunction[operands.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = ElementReference.None;
            for (int o = 0; o < operands.Length; o++)
            {
                ElementReference element = operands[o].Element(i);
                elements[i] = element.Value >= 0 ? element : elements[i];
                inputs[o] = operands[o].Function(i);
            }

            // Neighbours of a channel have the same functions.
            bool alike = i > 0 && inputs.AsSpan().SequenceEqual(before);
            functions[i] = alike ? functions[i - 1] : context.Functions.Make(node, op, inputs);
            (inputs, before) = (before, inputs);
        }

        return new EncryptedValue(shape, elements, functions);
    }

    /// <summary>The client's part before the input's quantizer: affine in each element.</summary>
    private static InputValue PreScale(GraphNode node, ImportContext context, ElementOperator op, GraphValue[] inputs, Operand[] operands, int[] shape)
    {
        if (inputs.Any(i => i is EncryptedValue) || inputs.Count(i => i is InputValue) != 1)
        {
            throw new UnsupportedModelException($"Node {node.Label} joins the input before its quantizer with a tensor that depends on it too; quantize the input first.");
        }

        var x = (InputValue)inputs.Single(i => i is InputValue);
        int[] from = Broadcasting.Indices(x.Shape, shape);
        InputValue result = x.Gather(shape, from);
        var functions = new ElementFunction[operands.Length];
        for (int i = 0; i < from.Length; i++)
        {
            for (int o = 0; o < operands.Length; o++)
            {
                functions[o] = operands[o].Function(i);
            }

            Affine affine = context.Functions.Make(node, op, functions).Affine
                ?? throw new UnsupportedModelException($"Node {node.Label} is applied to the input before its quantizer; only an affine pre-scaling of the input is supported.");
            result.Multiplier[i] = (float)(result.Multiplier[i] * affine.Factor);
            result.Offset[i] = (float)((result.Offset[i] * affine.Factor) + affine.Summand);
        }

        return result;
    }

    /// <summary>Whether each element of the result depends on one encrypted number at most.</summary>
    private static bool OneElementEach(Operand[] operands, int[] shape)
    {
        Operand[] encrypted = [.. operands.Where(o => o.IsEncrypted)];
        if (encrypted.Length < 2)
        {
            return true;
        }

        int length = Sizes.Product(shape);
        for (int i = 0; i < length; i++)
        {
            ElementReference first = encrypted[0].Element(i);
            for (int o = 1; o < encrypted.Length; o++)
            {
                ElementReference other = encrypted[o].Element(i);
                if (other.Value >= 0 && first.Value >= 0 && other != first)
                {
                    return false;
                }

                first = first.Value < 0 ? other : first;
            }
        }

        return true;
    }

    private static ConstantValue Scalar(float value) => new(new Tensor([], [value]));

    /// <summary>One input, as seen from the broadcast result.</summary>
    private sealed class Operand(GraphValue value, int[] shape, FunctionPool pool)
    {
        private readonly int[]? _from = value.Shape.AsSpan().SequenceEqual(shape) ? null : Broadcasting.Indices(value.Shape, shape);

        public bool IsEncrypted => value is EncryptedValue;

        public ElementReference Element(int i) => value is EncryptedValue x ? x.Elements[At(i)] : ElementReference.None;

        public ElementFunction Function(int i) => value switch
        {
            EncryptedValue x => x.Functions[At(i)],
            InputValue => pool.Integer,
            ConstantValue c => Constant(c.Tensor, At(i)),
            QuantizedConstantValue q => Constant(q.Tensor, At(i)),
            _ => throw new InvalidOperationException("Unknown kind of value."),
        };

        private ElementFunction Constant(Tensor tensor, int i) => pool.Constant(tensor.Data[i], tensor.Type == Onnx.ElementType.Bool ? Onnx.ElementType.Bool : Onnx.ElementType.Float);

        private int At(int i) => _from is null ? i : _from[i];
    }
}
