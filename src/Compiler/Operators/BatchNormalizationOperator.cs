using BlindGrain.Compiler.Functions;
using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Operators;

/// <summary>Batch normalization at inference: y = x·g + (b − mean·g) with g = gamma / sqrt(variance + ε), a channel (axis 1).</summary>
internal static class BatchNormalizationOperator
{
    public static GraphValue[] Handle(GraphNode node, ImportContext context)
    {
        GraphValue x = context.Input(node, 0);
        if (node.Int("training_mode", 0) != 0)
        {
            throw new UnsupportedModelException($"Node {node.Label} is in training mode; export the model for inference.");
        }

        float epsilon = node.Float("epsilon", 1e-5f);
        Tensor gamma = context.Constant(node, 1, "a scale"), beta = context.Constant(node, 2, "a bias");
        Tensor mean = context.Constant(node, 3, "a mean"), variance = context.Constant(node, 4, "a variance");
        int channels = x.Shape.Length > 1 ? x.Shape[1] : 1;
        if (new[] { gamma, beta, mean, variance }.Any(t => t.Length != channels))
        {
            throw new InvalidModelException($"Node {node.Label} normalizes {channels} channels with parameters of other lengths.");
        }

        var factor = new float[channels];
        var summand = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            factor[c] = gamma.Data[c] / MathF.Sqrt(variance.Data[c] + epsilon);
            summand[c] = beta.Data[c] - (mean.Data[c] * factor[c]);
        }

        int[] shape = [channels, .. Enumerable.Repeat(1, Math.Max(0, x.Shape.Length - 2))];
        GraphValue scaled = ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Mul"), x, new ConstantValue(new Tensor(shape, factor)));
        return [ElementwiseOperators.Apply(node, context, ElementOperator.Standard("Add"), scaled, new ConstantValue(new Tensor(shape, summand)))];
    }
}
