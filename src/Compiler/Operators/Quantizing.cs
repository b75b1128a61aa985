using BlindGrain.Compiler.Functions;
using BlindGrain.Compiler.Import;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.Compiler.Operators;

/// <summary>Uniform quantization of whatever a name may stand for.</summary>
internal static class Quantizing
{
    /// <summary>Quantized and dequantized: (clip(round(x / scale + zero-point), min, max) − zero-point) · scale.</summary>
    public static GraphValue Apply(GraphNode node, ImportContext context, GraphValue x, Tensor scale, Tensor zeroPoint, int bits, bool signed, bool narrow, string rounding)
    {
        foreach ((float s, float z) in Settings(scale, zeroPoint))
        {
            _ = Create(node, s, z, bits, signed, narrow);
        }

        switch (x)
        {
            case ConstantValue or QuantizedConstantValue:
                Tensor tensor = x is ConstantValue c ? c.Tensor : ((QuantizedConstantValue)x).Tensor;
                return Constant(node, tensor, scale, zeroPoint, bits, signed, narrow, rounding);
            case InputValue input when rounding is "ROUND" or "HALF_EVEN":
                return Dequantize(node, context, QuantizeInput(node, context, input, scale, zeroPoint, bits, signed, narrow), scale, zeroPoint);
            case InputValue:
                throw new UnsupportedModelException($"Node {node.Label} rounds the input by {rounding}; ROUND (half to even) is supported there.");
            default:
                UniformQuantizer any = Create(node, scale.Data[0], zeroPoint.Data[0], bits, signed, narrow);
                return Dequantize(node, context, Quantize(node, context, x, scale, zeroPoint, any.QMin, any.QMax, rounding), scale, zeroPoint);
        }
    }

    /// <summary>The integers of an encrypted tensor, clipped to min and max: QONNX rounds x / scale + zero-point, ONNX (<paramref name="zeroLast"/>) x / scale alone.</summary>
    public static GraphValue Quantize(GraphNode node, ImportContext context, GraphValue x, Tensor scale, Tensor zeroPoint, int min, int max, string rounding, bool zeroLast = false)
    {
        GraphValue q = Step(node, context, "Div", x, scale);
        bool shifts = !Array.TrueForAll(zeroPoint.Data, z => z == 0);
        q = shifts && !zeroLast ? Step(node, context, "Add", q, zeroPoint) : q;
        q = Round(node, context, q, rounding);
        q = shifts && zeroLast ? Step(node, context, "Add", q, zeroPoint) : q;
        q = Step(node, context, "Max", q, new Tensor([], [min]));
        return Step(node, context, "Min", q, new Tensor([], [max]));
    }

    /// <summary>(x − zero-point) · scale.</summary>
    public static GraphValue Dequantize(GraphNode node, ImportContext context, GraphValue x, Tensor scale, Tensor zeroPoint) =>
        Step(node, context, "Mul", Array.TrueForAll(zeroPoint.Data, z => z == 0) ? x : Step(node, context, "Sub", x, zeroPoint), scale);

    /// <summary>The input's integers, by a quantizer whose scale and zero-point may be one or one an element.</summary>
    public static EncryptedValue QuantizeInput(GraphNode node, ImportContext context, InputValue input, Tensor scale, Tensor zeroPoint, int bits, bool signed, bool narrow)
    {
        float[] scales = Broadcasting.To(scale, input.Shape, node.Label), zeros = Broadcasting.To(zeroPoint, input.Shape, node.Label);
        return InputQuantizer.Set(node, context, input, Create(node, scales[0], zeros[0], bits, signed, narrow), scales, zeros);
    }

    /// <summary>Rounds by one of QONNX's modes.</summary>
    /// <exception cref="UnsupportedModelException">The mode is unknown.</exception>
    public static GraphValue Round(GraphNode node, ImportContext context, GraphValue x, string mode)
    {
        switch (mode)
        {
            case "ROUND" or "HALF_EVEN":
                return Unary("Round", x);
            case "FLOOR":
                return Unary("Floor", x);
            case "CEIL":
                return Unary("Ceil", x);
            case "ROUND_TO_ZERO" or "DOWN":
                return Signed("Floor", 0);
            case "UP":
                return Signed("Ceil", 0);
            case "HALF_UP":
                return Signed("Floor", 0.5f);
            case "HALF_DOWN":
                return Signed("Ceil", -0.5f);
            default:
                throw new UnsupportedModelException($"Node {node.Label} rounds by {mode}; ROUND, HALF_EVEN, FLOOR, CEIL, ROUND_TO_ZERO, DOWN, UP, HALF_UP and HALF_DOWN are supported.");
        }

        GraphValue Unary(string op, GraphValue v) => ElementwiseOperators.Apply(node, context, ElementOperator.Standard(op), v);

        // sign(x) · round'(|x| + shift)
        GraphValue Signed(string op, float shift) => ElementwiseOperators.Apply(
            node, context, ElementOperator.Standard("Mul"), Unary("Sign", x), Unary(op, Step(node, context, "Add", Unary("Abs", x), new Tensor([], [shift]))));
    }

    public static UniformQuantizer Create(GraphNode node, float scale, float zeroPoint, int bits, bool signed, bool narrow)
    {
        if (zeroPoint != MathF.Round(zeroPoint) || MathF.Abs(zeroPoint) > 1 << 20)
        {
            throw new UnsupportedModelException($"Node {node.Label} has a zero-point of {zeroPoint}; whole numbers are supported.");
        }

        try
        {
            return new UniformQuantizer(scale, (int)zeroPoint, bits, signed, narrow);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new UnsupportedModelException($"Node {node.Label} is no usable quantizer: {e.Message}", e);
        }
    }

    private static QuantizedConstantValue Constant(GraphNode node, Tensor tensor, Tensor scale, Tensor zeroPoint, int bits, bool signed, bool narrow, string rounding)
    {
        float[] scales = Broadcasting.To(scale, tensor.Shape, node.Label), zeros = Broadcasting.To(zeroPoint, tensor.Shape, node.Label);
        UniformQuantizer any = Create(node, scales[0], zeros[0], bits, signed, narrow);
        var integers = new float[tensor.Length];
        var floats = new float[tensor.Length];
        for (int i = 0; i < integers.Length; i++)
        {
            float q = RoundConstant(node, (tensor.Data[i] / scales[i]) + zeros[i], rounding);
            integers[i] = float.IsNaN(q) ? throw new InvalidModelException($"The constant that node {node.Label} quantizes holds a NaN.") : Math.Clamp(q, any.QMin, any.QMax) - zeros[i];
            floats[i] = integers[i] * scales[i];
        }

        return new QuantizedConstantValue(new Tensor(tensor.Shape, floats), new Tensor(tensor.Shape, integers), new Tensor(tensor.Shape, scales));
    }

    private static float RoundConstant(GraphNode node, float x, string mode) => mode switch
    {
        "ROUND" or "HALF_EVEN" => MathF.Round(x, MidpointRounding.ToEven),
        "FLOOR" => MathF.Floor(x),
        "CEIL" => MathF.Ceiling(x),
        "ROUND_TO_ZERO" or "DOWN" => MathF.Truncate(x),
        "UP" => MathF.CopySign(MathF.Ceiling(MathF.Abs(x)), x),
        "HALF_UP" => MathF.CopySign(MathF.Floor(MathF.Abs(x) + 0.5f), x),
        "HALF_DOWN" => MathF.CopySign(MathF.Ceiling(MathF.Abs(x) - 0.5f), x),
        _ => throw new UnsupportedModelException($"Node {node.Label} rounds by {mode}, which is not supported."),
    };

    private static IEnumerable<(float Scale, float ZeroPoint)> Settings(Tensor scale, Tensor zeroPoint) =>
        scale.Data.Distinct().SelectMany(s => zeroPoint.Data.Distinct().Select(z => (s, z)));

    private static GraphValue Step(GraphNode node, ImportContext context, string op, GraphValue x, Tensor constant) =>
        ElementwiseOperators.Apply(node, context, ElementOperator.Standard(op), x, new ConstantValue(constant));
}
