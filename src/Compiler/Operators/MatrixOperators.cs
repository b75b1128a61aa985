using BlindGrain.Compiler.Functions;
using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Operators;

/// <summary>Products of an encrypted tensor with constant matrices, on either side.</summary>
internal static class MatrixOperators
{
    public static GraphValue[] MatMul(GraphNode node, ImportContext context) => context.Input(node, 0) is ConstantValue or QuantizedConstantValue
        ? [Multiply(node, context, context.Encrypted(node, 1), QuantizedWeights.Of(node, context, 0), encryptedFirst: false)]
        : [Multiply(node, context, context.Encrypted(node, 0), QuantizedWeights.Of(node, context, 1), encryptedFirst: true)];

    public static GraphValue[] Gemm(GraphNode node, ImportContext context)
    {
        EncryptedValue x = context.Encrypted(node, 0);
        QuantizedConstantValue weights = QuantizedWeights.Of(node, context, 1);
        if (x.Shape.Length != 2 || weights.Shape.Length != 2)
        {
            throw new InvalidModelException($"Node {node.Label} multiplies tensors of shapes [{string.Join(", ", x.Shape)}] and [{string.Join(", ", weights.Shape)}]; Gemm takes matrices.");
        }

        x = node.Int("transA", 0) == 0 ? x : x.Gather([x.Shape[1], x.Shape[0]], Transposed(x.Shape));
        weights = node.Int("transB", 0) == 0 ? weights : new QuantizedConstantValue(weights.Tensor.Transpose([1, 0]), weights.Integers.Transpose([1, 0]), weights.Scale.Transpose([1, 0]));
        GraphValue y = Multiply(node, context, x, weights, encryptedFirst: true, node.Float("alpha", 1));
        if (!node.HasInput(2))
        {
            return [y];
        }

        float beta = node.Float("beta", 1);
        Tensor bias = context.Constant(node, 2, "a bias");
        return [ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Add"), y, new ConstantValue(new Tensor(bias.Shape, [.. bias.Data.Select(b => beta * b)])))];
    }

    /// <summary>The product over the last two axes, the others broadcast.</summary>
    public static EncryptedValue Multiply(GraphNode node, ImportContext context, EncryptedValue x, QuantizedConstantValue weights, bool encryptedFirst, double alpha = 1)
    {
        int[] first = encryptedFirst ? x.Shape : weights.Shape, second = encryptedFirst ? weights.Shape : x.Shape;
        int[] a = first.Length == 1 ? [1, first[0]] : first, b = second.Length == 1 ? [second[0], 1] : second;
        if (a.Length < 2 || b.Length < 2 || a[^1] != b[^2])
        {
            throw new InvalidModelException($"Node {node.Label} multiplies a tensor of shape [{string.Join(", ", first)}] with one of shape [{string.Join(", ", second)}].");
        }

        int[] batch = Broadcasting.Shape(node.Label, a[..^2], b[..^2]);
        int[] batchOfA = Broadcasting.Indices(a[..^2], batch), batchOfB = Broadcasting.Indices(b[..^2], batch);
        int lines = a[^2], inner = a[^1], columns = b[^1];
        _ = Sizes.Check(node.Label, [.. batch, lines, columns]);
        context.Budget.Spend(node.Label, (double)batchOfA.Length * lines * inner * columns);
        var rows = new WeightRows(node);
        for (int t = 0; t < batchOfA.Length; t++)
        {
            for (int line = 0; line < lines; line++)
            {
                int atA = ((batchOfA[t] * lines) + line) * inner;
                for (int column = 0; column < columns; column++)
                {
                    int atB = (batchOfB[t] * inner * columns) + column;
                    for (int i = 0; i < inner; i++)
                    {
                        int ia = atA + i, ib = atB + (i * columns);
                        rows.Add(encryptedFirst ? ia : ib, (int)weights.Integers.Data[encryptedFirst ? ib : ia]);
                    }

                    IEnumerable<int> summed = encryptedFirst ? Enumerable.Range(0, inner).Select(i => atB + (i * columns)) : Enumerable.Range(atA, inner);
                    rows.End(QuantizedWeights.ScaleOf(node, weights, summed) * alpha);
                }
            }
        }

        IEnumerable<int> shape = batch;
        shape = first.Length == 1 ? shape : shape.Append(lines);
        shape = second.Length == 1 ? shape : shape.Append(columns);
        return context.Linear.Apply(node, x, [.. shape], rows, multiplies: true);
    }

    private static int[] Transposed(int[] shape) => [.. Enumerable.Range(0, shape[0] * shape[1]).Select(i => ((i % shape[0]) * shape[1]) + (i / shape[0]))];
}
