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

        return [Quantizing.Apply(node, context, context.Input(node, 0), context.Constant(node, 1, "a scale"), context.Constant(node, 2, "a zero-point"), (int)bits, signed, narrow, rounding)];
    }

    /// <summary>y = scale where x ≥ 0, −scale elsewhere.</summary>
    public static GraphValue[] BipolarQuant(GraphNode node, ImportContext context)
    {
        Tensor scale = context.Constant(node, 1, "a scale");
        GraphValue x = context.Input(node, 0);
        switch (x)
        {
            case ConstantValue or QuantizedConstantValue:
                Tensor tensor = context.Constant(node, 0, "a value");
                float[] scales = Broadcasting.To(scale, tensor.Shape, node.Label);
                float[] signs = [.. tensor.Data.Select(v => v >= 0 ? 1f : -1f)];
                return [new QuantizedConstantValue(new Tensor(tensor.Shape, [.. signs.Select((s, i) => s * scales[i])]), new Tensor(tensor.Shape, signs), new Tensor(tensor.Shape, scales))];
            case InputValue input:
                // A single bit: 0 below zero, 1 from there on. The steep slope makes the quantizer a threshold.
                const float Steep = 1e30f;
                EncryptedValue bit = InputQuantizer.Set(node, context, input with { Multiplier = [.. input.Multiplier.Select(m => m * Steep)], Offset = [.. input.Offset.Select(o => (o * Steep) + 0.75f)] }, new UniformQuantizer(1, 0, 1, false, false), [1], [0]);
                GraphValue twice = ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Mul"), bit, new ConstantValue(new Tensor([], [2])));
                GraphValue bipolar = ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Sub"), twice, new ConstantValue(new Tensor([], [1])));
                return [ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Mul"), bipolar, new ConstantValue(scale))];
            default:
                GraphValue positive = ElementwiseOperators.Apply(node, context, ElementOperator.Standard("GreaterOrEqual"), x, new ConstantValue(new Tensor([], [0])));
                GraphValue sign = ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Where"), positive, new ConstantValue(new Tensor([], [1])), new ConstantValue(new Tensor([], [-1])));
                return [ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Mul"), sign, new ConstantValue(scale))];
        }
    }

    /// <summary>Drops the lowest bits of a quantized tensor: y = (round'((x / scale + zero-point) / 2^(in − out)) − zero-point) · scale.</summary>
    public static GraphValue[] Trunc(GraphNode node, ImportContext context)
    {
        var scale = new ConstantValue(context.Constant(node, 1, "a scale"));
        var zero = new ConstantValue(context.Constant(node, 2, "a zero-point"));
        float dropped = context.Constant(node, 3, "a bit-width").Scalar($"The bit-width of node {node.Label}") - context.Constant(node, 4, "a bit-width").Scalar($"The bit-width of node {node.Label}");
        var divisor = new ConstantValue(new Tensor([], [MathF.Pow(2, dropped)]));
        GraphValue y = Step("Round", Step("Add", Step("Div", context.Input(node, 0), scale), zero));
        y = Quantizing.Round(node, context, Step("Div", y, divisor), node.Text("rounding_mode", "FLOOR").ToUpperInvariant());
        return [Step("Mul", Step("Sub", y, zero), scale)];

        GraphValue Step(string op, params GraphValue[] inputs) => ElementwiseOperators.Apply(node, context, ElementOperator.Standard(op), inputs);
    }
}
