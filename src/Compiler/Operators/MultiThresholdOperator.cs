using BlindGrain.Compiler.Functions;
using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Operators;

/// <summary>
/// FINN's activations (https://github.com/fastmachinelearning/qonnx, qonnx.custom_op.general.MultiThreshold): y = scale · #{t : x ≥ threshold[channel, t]} + bias. On an
/// encrypted tensor a function on a grid, on the input a single threshold.
/// </summary>
internal static class MultiThresholdOperator
{
    public static GraphValue[] Handle(GraphNode node, ImportContext context)
    {
        GraphValue x = context.Input(node, 0);
        Tensor[] columns = Columns(node, context, x);
        float scale = node.Float("out_scale", 1), bias = node.Float("out_bias", 0);
        context.Budget.Spend(node.Label, 4.0 * columns.Length * x.Length);
        GraphValue count = x switch
        {
            InputValue input when columns.Length == 1 => Bit(node, context, input, columns[0]),
            InputValue => throw new UnsupportedModelException($"Node {node.Label} compares the input, which is not quantized, with {columns.Length} thresholds; put a quantizer between them, or compile with calibration data."),
            ConstantValue or QuantizedConstantValue => Constant(node, x, columns),
            _ => Sum(node, context, [.. columns.Select(c => Reached(node, context, x, c))]),
        };
        count = Step(node, context, "Mul", count, scale);
        return [Step(node, context, "Add", count, bias)];
    }

    /// <summary>The thresholds, one tensor an index, each of a shape that broadcasts to the tensor's.</summary>
    private static Tensor[] Columns(GraphNode node, ImportContext context, GraphValue x)
    {
        Tensor thresholds = context.Constant(node, 1, "thresholds");
        string layout = node.Text("data_layout", "NCHW");
        int axis = layout == "NCHW" ? 1 : x.Shape.Length - 1;
        bool fits = thresholds.Shape.Length == 2 && layout is "NCHW" or "NHWC" && x.Shape.Length > 1 && (thresholds.Shape[0] == 1 || thresholds.Shape[0] == x.Shape[axis]);
        if (!fits || Array.Exists(thresholds.Data, float.IsNaN))
        {
            throw new InvalidModelException($"Node {node.Label} compares a tensor of shape [{string.Join(", ", x.Shape)}] in layout {layout} with thresholds of shape [{string.Join(", ", thresholds.Shape)}]; numbers of shape [channels, thresholds] or [1, thresholds] are expected.");
        }

        int channels = thresholds.Shape[0], count = thresholds.Shape[1];
        int[] shape = channels == 1 ? [] : [channels, .. Enumerable.Repeat(1, x.Shape.Length - 1 - axis)];
        return [.. Enumerable.Range(0, count).Select(t => new Tensor(shape, [.. Enumerable.Range(0, channels).Select(c => thresholds.Data[(c * count) + t])]))];
    }

    /// <summary>One where a threshold is reached, else zero.</summary>
    private static GraphValue Reached(GraphNode node, ImportContext context, GraphValue x, Tensor threshold)
    {
        GraphValue reached = ElementwiseOperators.Apply(node, context, ElementOperator.Standard("GreaterOrEqual"), x, new ConstantValue(threshold));
        return ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Where"), reached, new ConstantValue(new Tensor([], [1])), new ConstantValue(new Tensor([], [0])));
    }

    /// <summary>A tree of sums, which is not deep.</summary>
    private static GraphValue Sum(GraphNode node, ImportContext context, GraphValue[] summands) => summands.Length == 1
        ? summands[0]
        : ElementwiseOperators.Apply(
            node, context, ElementOperator.Standard("Add"), Sum(node, context, summands[..(summands.Length / 2)]), Sum(node, context, summands[(summands.Length / 2)..]));

    /// <summary>The input as a single bit.</summary>
    private static EncryptedValue Bit(GraphNode node, ImportContext context, InputValue input, Tensor threshold)
    {
        float[] thresholds = Broadcasting.To(threshold, input.Shape, node.Label);
        InputValue shifted = input with { Offset = [.. input.Offset.Select((o, i) => o - thresholds[i])] };
        return QuantizerOperators.SignBit(node, context, shifted);
    }

    private static ConstantValue Constant(GraphNode node, GraphValue x, Tensor[] columns)
    {
        Tensor tensor = x is ConstantValue c ? c.Tensor : ((QuantizedConstantValue)x).Tensor;
        var counts = new float[tensor.Length];
        foreach (Tensor column in columns)
        {
            float[] thresholds = Broadcasting.To(column, tensor.Shape, node.Label);
            for (int i = 0; i < counts.Length; i++)
            {
                counts[i] += tensor.Data[i] >= thresholds[i] ? 1 : 0;
            }
        }

        return new ConstantValue(new Tensor(tensor.Shape, counts));
    }

    private static GraphValue Step(GraphNode node, ImportContext context, string op, GraphValue x, float constant) => x is ConstantValue c
        ? new ConstantValue(new Tensor(c.Shape, [.. c.Tensor.Data.Select(v => op == "Mul" ? v * constant : v + constant)]))
        : ElementwiseOperators.Apply(node, context, ElementOperator.Standard(op), x, new ConstantValue(new Tensor([], [constant])));
}
