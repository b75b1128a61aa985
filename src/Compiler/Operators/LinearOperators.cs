using BlindGrain.Compiler.Import;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.Compiler.Operators;

/// <summary>Products of an encrypted, quantized tensor with quantized constant weights: integer matrices on the integers, scales kept aside.</summary>
internal static class LinearOperators
{
    /// <summary>The most weights of one step that a circuit file holds.</summary>
    private const int MaxWeights = 1 << 26;

    public static GraphValue MatMul(GraphNode node, ImportContext context)
    {
        EncryptedValue x = Activation(node, context, 0);
        return Multiply(node, context, x, Weights(node, context, 1), transposed: false, 1);
    }

    public static GraphValue Gemm(GraphNode node, ImportContext context)
    {
        if (node.Int("transA", 0) != 0)
        {
            throw new UnsupportedModelException($"Node {node.Label} transposes its input (transA = 1); transA = 0 is supported.");
        }

        EncryptedValue x = Activation(node, context, 0);
        EncryptedValue y = Multiply(node, context, x, Weights(node, context, 1), node.Int("transB", 0) != 0, node.Float("alpha", 1));
        if (node.Inputs.Count < 3 || node.Inputs[2].Length == 0)
        {
            return y;
        }

        float beta = node.Float("beta", 1);
        float[] bias = Broadcasting.To(context.Constant(node, 2, "a bias"), y.Shape, node.Label);
        return y with { Chain = y.Chain.Then(new ElementOperation(node.Label, (v, i) => v + (beta * bias[i]), i => (1, beta * bias[i]))) };
    }

    private static EncryptedValue Activation(GraphNode node, ImportContext context, int index) => context.Input(node, index) switch
    {
        EncryptedValue { Quantizer: not null } x => x,
        EncryptedValue x => throw new UnsupportedModelException(
            $"Node {node.Label} multiplies a tensor that is not quantized{(x.Chain.Operations.Count > 0 ? $" (node {x.Chain.Operations[^1].Node} comes last before it)" : "")}; put a Quant node before it."),
        InputValue => throw new UnsupportedModelException($"Node {node.Label} multiplies the input, which is not quantized; put a Quant node between them."),
        _ => throw new UnsupportedModelException($"Node {node.Label} has a constant as its first factor; the encrypted tensor must come first and the weights second."),
    };

    private static QuantizedConstantValue Weights(GraphNode node, ImportContext context, int index) => context.Input(node, index) switch
    {
        QuantizedConstantValue { Tensor.Shape.Length: 2 } weights => weights,
        QuantizedConstantValue weights => throw new UnsupportedModelException($"Node {node.Label} has weights of shape [{string.Join(", ", weights.Tensor.Shape)}]; a matrix is supported."),
        ConstantValue => throw new UnsupportedModelException($"Node {node.Label} has float weights; put a Quant node behind them."),
        _ => throw new UnsupportedModelException($"Node {node.Label} multiplies two encrypted tensors; weights must be constant."),
    };

    private static EncryptedValue Multiply(GraphNode node, ImportContext context, EncryptedValue x, QuantizedConstantValue weights, bool transposed, float alpha)
    {
        UniformQuantizer quantizer = x.Quantizer!;
        Tensor w = transposed ? weights.Integers.Transpose([1, 0]) : weights.Integers;
        Tensor scales = transposed ? weights.Scale.Transpose([1, 0]) : weights.Scale;
        int inputs = w.Shape[0], outputs = w.Shape[1], lines = x.Length / Math.Max(1, inputs);
        if (x.Shape.Length == 0 || x.Shape[^1] != inputs)
        {
            throw new InvalidModelException($"Node {node.Label} multiplies a tensor of shape [{string.Join(", ", x.Shape)}] with a matrix of {inputs} rows.");
        }

        long weightsNeeded = (long)w.Data.Count(v => v != 0) * lines;
        if ((long)lines * outputs > CircuitInput.MaxLength || weightsNeeded > MaxWeights)
        {
            throw new UnsupportedModelException($"Node {node.Label} would need {(long)lines * outputs} values and {weightsNeeded} weights; at most {CircuitInput.MaxLength} and {MaxWeights} are supported.");
        }

        float[] scaleOfOutput = ScaleOfOutputs(node, scales, inputs, outputs);
        SparseMatrix matrix = Matrix(w, lines, inputs, outputs);
        var bias = new long[lines * outputs];
        for (int r = 0; r < bias.Length; r++)
        {
            // Σ w·(q − z) = Σ w·q − z·Σ w.
            for (int e = matrix.RowStart[r]; e < matrix.RowStart[r + 1]; e++)
            {
                bias[r] -= (long)quantizer.ZeroPoint * matrix.Weight[e];
            }
        }

        int result = context.AddStep(node, name => new LinearStep(name, [new LinearTerm(x.Source, matrix)], bias));
        float[] factor = [.. scaleOfOutput.Select(s => quantizer.Scale * s * alpha)];
        var scale = new ElementOperation(node.Label, (v, i) => v * factor[i % outputs], i => (factor[i % outputs], 0));
        return new EncryptedValue([.. x.Shape[..^1], outputs], result, ElementChain.Identity.Then(scale), null);
    }

    private static float[] ScaleOfOutputs(GraphNode node, Tensor scales, int inputs, int outputs)
    {
        float[] result = scales.Data[..outputs];
        for (int i = 0; i < inputs * outputs; i++)
        {
            if (scales.Data[i] != result[i % outputs])
            {
                throw new UnsupportedModelException($"The weights of node {node.Label} have scales that differ along the summed axis; one scale a tensor or one an output channel is supported.");
            }
        }

        return result;
    }

    /// <summary>The matrix that maps each of <paramref name="lines"/> lines of inputs to its line of outputs.</summary>
    private static SparseMatrix Matrix(Tensor weights, int lines, int inputs, int outputs)
    {
        var rowStart = new List<int> { 0 };
        var column = new List<int>();
        var weight = new List<int>();
        for (int line = 0; line < lines; line++)
        {
            for (int o = 0; o < outputs; o++)
            {
                for (int i = 0; i < inputs; i++)
                {
                    int value = (int)weights.Data[(i * outputs) + o];
                    if (value != 0)
                    {
                        column.Add((line * inputs) + i);
                        weight.Add(value);
                    }
                }

                rowStart.Add(column.Count);
            }
        }

        return new SparseMatrix(lines * outputs, lines * inputs, [.. rowStart], [.. column], [.. weight]);
    }
}
