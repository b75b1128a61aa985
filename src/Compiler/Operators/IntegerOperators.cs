using BlindGrain.Compiler.Functions;
using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Operators;

/// <summary>
/// Operators on integers: ONNX's QLinear… and …Integer, and those that ONNX Runtime's quantizer writes (domain com.microsoft). Each is dequantization, the
/// float operator, quantization.
/// </summary>
internal static class IntegerOperators
{
    public static GraphValue[] MatMulInteger(GraphNode node, ImportContext context)
    {
        bool encryptedFirst = context.Input(node, 0) is not (ConstantValue or QuantizedConstantValue);
        GraphValue a = Centred(node, context, 0, 2, axis: -2), b = Centred(node, context, 1, 3, axis: -1);
        return [MatrixOperators.Multiply(node, context, Encrypted(node, encryptedFirst ? a : b), Weights(node, encryptedFirst ? b : a), encryptedFirst)];
    }

    public static GraphValue[] ConvInteger(GraphNode node, ImportContext context) =>
        [ConvolutionOperators.Convolve(node, context, Encrypted(node, Centred(node, context, 0, 2, axis: 1)), Weights(node, Centred(node, context, 1, 3, axis: 0)))];

    public static GraphValue[] QLinearMatMul(GraphNode node, ImportContext context)
    {
        bool encryptedFirst = context.Input(node, 0) is not (ConstantValue or QuantizedConstantValue);
        GraphValue a = Centred(node, context, 0, 2, axis: -2), b = Centred(node, context, 3, 5, axis: -1);
        EncryptedValue y = MatrixOperators.Multiply(node, context, Encrypted(node, encryptedFirst ? a : b), Weights(node, encryptedFirst ? b : a), encryptedFirst);
        return [Rescale(node, context, y, Factors(node, context, 6), axis: y.Shape.Length - 1, 7)];
    }

    public static GraphValue[] QLinearConv(GraphNode node, ImportContext context)
    {
        EncryptedValue y = ConvolutionOperators.Convolve(node, context, Encrypted(node, Centred(node, context, 0, 2, axis: 1)), Weights(node, Centred(node, context, 3, 5, axis: 0)));
        GraphValue biased = ConvolutionOperators.WithBias(node, context, y, context.OptionalConstant(node, 8, "a bias"));
        return [Rescale(node, context, biased, Factors(node, context, 6), axis: 1, 7)];
    }

    /// <summary>com.microsoft QGemm: a, a_scale, a_zero, b, b_scale, b_zero, bias, y_scale, y_zero.</summary>
    public static GraphValue[] QGemm(GraphNode node, ImportContext context)
    {
        if (node.Int("transA", 0) != 0)
        {
            throw new UnsupportedModelException($"Node {node.Label} transposes its input; transA = 0 is supported.");
        }

        bool transposed = node.Int("transB", 0) != 0;
        QuantizedConstantValue b = Weights(node, Centred(node, context, 3, 5, axis: transposed ? 0 : 1));
        b = transposed ? new QuantizedConstantValue(b.Tensor.Transpose([1, 0]), b.Integers.Transpose([1, 0]), b.Scale.Transpose([1, 0])) : b;
        GraphValue y = MatrixOperators.Multiply(node, context, Encrypted(node, Centred(node, context, 0, 2, axis: 1)), b, encryptedFirst: true);
        if (context.OptionalConstant(node, 6, "a bias") is { } bias)
        {
            y = ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Add"), y, new ConstantValue(bias));
        }

        float alpha = node.Float("alpha", 1);
        float[] factors = [.. Factors(node, context, node.HasInput(7) ? 7 : -1).Select(f => f * alpha)];
        return [Rescale(node, context, y, factors, axis: 1, node.HasInput(7) ? 8 : -1)];
    }

    /// <summary>com.microsoft QLinearAdd and QLinearMul: a, a_scale, a_zero, b, b_scale, b_zero, c_scale, c_zero.</summary>
    public static GraphValue[] Pair(GraphNode node, ImportContext context) =>
        [Requantize(node, context, ElementwiseOperators.Apply(node, context, ElementOperator.Standard(node.OpType["QLinear".Length..]), Real(node, context, 0, 1), Real(node, context, 3, 1)), 6)];

    /// <summary>com.microsoft QLinearSigmoid and QLinearLeakyRelu: x, x_scale, x_zero, y_scale, y_zero.</summary>
    public static GraphValue[] Unary(GraphNode node, ImportContext context)
    {
        ElementOperator op = ElementOperator.Of(new Onnx.NodeProto { OpType = node.OpType["QLinear".Length..], Attribute = { node.Proto.Attribute } });
        return [Requantize(node, context, ElementwiseOperators.Apply(node, context, op, Real(node, context, 0, 1)), 3)];
    }

    /// <summary>com.microsoft QLinearAveragePool and QLinearGlobalAveragePool: x, x_scale, x_zero, y_scale, y_zero.</summary>
    public static GraphValue[] Pool(GraphNode node, ImportContext context)
    {
        if (node.Int("channels_last", 0) != 0)
        {
            throw new UnsupportedModelException($"Node {node.Label} pools tensors with their channels last; channels first is supported.");
        }

        EncryptedValue x = Encrypted(node, Real(node, context, 0, 1));
        EncryptedValue y = node.OpType == "QLinearAveragePool" ? PoolingOperators.Average(node, context, x) : PoolingOperators.Reduce(node, context, x, PoolingOperators.Spatial(node, x), keepAxes: true, mean: true);
        return [Requantize(node, context, y, 3)];
    }

    private static GraphValue Requantize(GraphNode node, ImportContext context, GraphValue y, int scale) =>
        QuantizeLinearOperators.Quantize(node, context, y, context.Constant(node, scale, "a scale"), context.Constant(node, scale + 1, "a zero-point"), 1);

    /// <summary>Inputs (integers, scale, zero-point) from <paramref name="first"/> on as real numbers.</summary>
    private static GraphValue Real(GraphNode node, ImportContext context, int first, int axis) => QuantizeLinearOperators.Dequantize(
        node, context, context.Input(node, first), context.Constant(node, first + 1, "a scale"), context.OptionalConstant(node, first + 2, "a zero-point") ?? new Tensor([], [0]), axis);

    /// <summary>Integers minus their zero-point.</summary>
    private static GraphValue Centred(GraphNode node, ImportContext context, int input, int zero, int axis) => QuantizeLinearOperators.Dequantize(
        node, context, context.Input(node, input), new Tensor([], [1]), context.OptionalConstant(node, zero, "a zero-point") ?? new Tensor([], [0]), axis);

    /// <summary>What an accumulator is multiplied by: the product of the operands' scales (inputs 1 and 4) over the result's, one or one a channel.</summary>
    private static float[] Factors(GraphNode node, ImportContext context, int result)
    {
        Tensor a = context.Constant(node, 1, "a scale"), b = context.Constant(node, 4, "a scale");
        float divisor = result < 0 ? 1 : context.Constant(node, result, "a scale").Scalar($"The scale of node {node.Label}'s result");
        return [.. Enumerable.Range(0, Math.Max(a.Length, b.Length)).Select(i => Of(a, i) * Of(b, i) / divisor)];

        float Of(Tensor tensor, int i) => tensor.Length == 1 ? tensor.Data[0] : i < tensor.Length
            ? tensor.Data[i]
            : throw new InvalidModelException($"Node {node.Label} has {a.Length} and {b.Length} scales for its operands.");
    }

    /// <summary>saturate(round(accumulator · factor) + zero-point): one rounding of the real number, as ONNX Runtime's integer kernels do; real where there is no zero-point.</summary>
    private static GraphValue Rescale(GraphNode node, ImportContext context, GraphValue y, float[] factors, int axis, int zero)
    {
        int[] shape = [.. y.Shape.Select((d, a) => a == axis ? factors.Length : 1)];
        GraphValue real = ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Mul"), y, new ConstantValue(factors.Length == 1 ? new Tensor([], factors) : new Tensor(shape, factors)));
        return zero < 0 ? real : QuantizeLinearOperators.Quantize(node, context, real, new Tensor([], [1]), context.Constant(node, zero, "a zero-point"), 1);
    }

    private static EncryptedValue Encrypted(GraphNode node, GraphValue value) => value as EncryptedValue
        ?? throw new UnsupportedModelException($"Node {node.Label} reads {(value is InputValue ? "the float input, which is not quantized" : "a constant where an encrypted tensor is expected")}.");

    private static QuantizedConstantValue Weights(GraphNode node, GraphValue value) => value as QuantizedConstantValue
        ?? throw new UnsupportedModelException($"Node {node.Label} multiplies two tensors that both depend on the input; weights must be constant.");
}
