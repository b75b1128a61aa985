using BlindGrain.Compiler.Functions;
using BlindGrain.Compiler.Import;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.Compiler.Operators;

/// <summary>
/// QONNX's quantizers (https://github.com/fastmachinelearning/qonnx, docs/qonnx-custom-ops). On a constant they give integer weights, on the
/// input the client's quantizer, on an encrypted tensor a function on a grid, which the next linear step turns into a look-up.
/// </summary>
internal static class QuantizerOperators
{
    /// <summary>y = (clip(round(x / scale + zero-point), min, max) − zero-point) · scale.</summary>
    public static GraphValue[] Quant(GraphNode node, ImportContext context)
    {
        string rounding = node.Text("rounding_mode", "ROUND").ToUpperInvariant();
        float bits = context.Constant(node, 3, "a bit-width").Scalar($"The bit-width of node {node.Label}");
        bool signed = node.Int("signed", 1) != 0, narrow = node.Int("narrow", 0) != 0;
        if (bits != MathF.Round(bits) || bits is < 1 or > 16)
        {
            throw new UnsupportedModelException($"Node {node.Label} has a bit-width of {bits}; whole numbers, 1 to 16 bits, are supported.");
        }

        Tensor scale = context.Constant(node, 1, "a scale"), zeroPoint = context.Constant(node, 2, "a zero-point");
        if (bits == 1 && signed)
        {
            // QONNX's reference takes one signed bit as a sign, not as −1 and 0.
            return Array.TrueForAll(zeroPoint.Data, z => z == 0) && Array.TrueForAll(scale.Data, s => s > 0)
                ? [Bipolar(node, context, context.Input(node, 0), scale)]
                : throw new UnsupportedModelException($"Node {node.Label} quantizes to one signed bit with a zero-point, or a scale that is not positive; neither is supported.");
        }

        return [Quantizing.Apply(node, context, context.Input(node, 0), scale, zeroPoint, (int)bits, signed, narrow, rounding)];
    }

    /// <summary>y = scale where x ≥ 0, −scale elsewhere.</summary>
    public static GraphValue[] BipolarQuant(GraphNode node, ImportContext context) => [Bipolar(node, context, context.Input(node, 0), context.Constant(node, 1, "a scale"))];

    /// <summary>The input as a single bit: 0 below zero, 1 from there on.</summary>
    public static EncryptedValue SignBit(GraphNode node, ImportContext context, InputValue input)
    {
        // The steep slope makes the quantizer a threshold.
        const float Steep = 1e30f;
        return InputQuantizer.Set(node, context, input with { Multiplier = [.. input.Multiplier.Select(m => m * Steep)], Offset = [.. input.Offset.Select(o => (o * Steep) + 0.75f)] }, new UniformQuantizer(1, 0, 1, false, false), [1], [0]);
    }

    private static GraphValue Bipolar(GraphNode node, ImportContext context, GraphValue x, Tensor scale)
    {
        switch (x)
        {
            case ConstantValue or QuantizedConstantValue:
                Tensor tensor = context.Constant(node, 0, "a value");
                float[] scales = Broadcasting.To(scale, tensor.Shape, node.Label);
                float[] signs = [.. tensor.Data.Select(v => v >= 0 ? 1f : -1f)];
                return new QuantizedConstantValue(new Tensor(tensor.Shape, [.. signs.Select((s, i) => s * scales[i])]), new Tensor(tensor.Shape, signs), new Tensor(tensor.Shape, scales));
            case InputValue input:
                GraphValue twice = ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Mul"), SignBit(node, context, input), new ConstantValue(new Tensor([], [2])));
                GraphValue bipolar = ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Sub"), twice, new ConstantValue(new Tensor([], [1])));
                return ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Mul"), bipolar, new ConstantValue(scale));
            default:
                GraphValue positive = ElementwiseOperators.Apply(node, context, ElementOperator.Standard("GreaterOrEqual"), x, new ConstantValue(new Tensor([], [0])));
                GraphValue sign = ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Where"), positive, new ConstantValue(new Tensor([], [1])), new ConstantValue(new Tensor([], [-1])));
                return ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Mul"), sign, new ConstantValue(scale));
        }
    }

    /// <summary>Drops the lowest bits of a quantized tensor: y = (round'((x / scale + zero-point) / 2^(in − out)) − zero-point) · scale.</summary>
    public static GraphValue[] Trunc(GraphNode node, ImportContext context)
    {
        if (node.Inputs.Count > 5)
        {
            return [ScaledTrunc(node, context)];
        }

        var scale = new ConstantValue(context.Constant(node, 1, "a scale"));
        var zero = new ConstantValue(context.Constant(node, 2, "a zero-point"));
        float dropped = context.Constant(node, 3, "a bit-width").Scalar($"The bit-width of node {node.Label}") - context.Constant(node, 4, "a bit-width").Scalar($"The bit-width of node {node.Label}");
        var divisor = new ConstantValue(new Tensor([], [MathF.Pow(2, dropped)]));
        GraphValue y = Step("Round", Step("Add", Step("Div", context.Input(node, 0), scale), zero));
        y = Quantizing.Round(node, context, Step("Div", y, divisor), node.Text("rounding_mode", "FLOOR").ToUpperInvariant());
        return [Step("Mul", Step("Sub", y, zero), scale)];

        GraphValue Step(string op, params GraphValue[] inputs) => ElementwiseOperators.Apply(node, context, ElementOperator.Standard(op), inputs);
    }

    /// <summary>
    /// QONNX's second version, with a scale and a width of the result: y = (clip(round'((x / scale + zero-point) / d)) − zero-point / d) · scale', d the power of two that is nearest to
    /// scale' / scale.
    /// </summary>
    private static GraphValue ScaledTrunc(GraphNode node, ImportContext context)
    {
        float scale = Number(1, "a scale"), zero = Number(2, "a zero-point"), resultScale = Number(4, "a scale"), bits = Number(6, "a bit-width");
        float divisor = MathF.Pow(2, MathF.Round(MathF.Log2(resultScale / scale)));
        UniformQuantizer result = Quantizing.Create(node, resultScale, 0, (int)Math.Clamp(bits, 0, 17), node.Int("signed", 1) != 0, node.Int("narrow", 0) != 0);
        GraphValue y = Step("Round", Step("Add", Step("Div", context.Input(node, 0), scale), zero));
        y = Quantizing.Round(node, context, Step("Div", y, divisor), node.Text("rounding_mode", "FLOOR").ToUpperInvariant());
        y = Step("Min", Step("Max", y, result.QMin), result.QMax);
        return Step("Mul", Step("Sub", y, zero / divisor), resultScale);

        float Number(int input, string what) => context.Constant(node, input, what).Scalar($"Input {input} of node {node.Label}");

        GraphValue Step(string op, GraphValue x, float? constant = null) =>
            ElementwiseOperators.Apply(node, context, ElementOperator.Standard(op), constant is { } c ? [x, new ConstantValue(new Tensor([], [c]))] : [x]);
    }
}
