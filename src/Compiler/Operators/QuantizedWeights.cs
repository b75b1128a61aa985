using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Operators;

/// <summary>Constant weights as integers: quantized in the model, or on a grid of integers as they are.</summary>
internal static class QuantizedWeights
{
    private const float MaxInteger = 1 << 15;

    public static QuantizedConstantValue Of(GraphNode node, ImportContext context, int index) => context.Input(node, index) switch
    {
        QuantizedConstantValue weights => weights,
        ConstantValue c => OnGrid(c.Tensor) ?? throw new UnsupportedModelException($"Node {node.Label} has float weights; put a Quant node behind them, or compile the float model with calibration data."),
        _ => throw new UnsupportedModelException($"Node {node.Label} multiplies two tensors that both depend on the input; weights must be constant."),
    };

    /// <summary>The finest scale that makes all weights integers: integers themselves, and ±s, multiples of the smallest.</summary>
    public static QuantizedConstantValue? OnGrid(Tensor tensor)
    {
        float finest = tensor.Data.Where(v => v != 0).Select(MathF.Abs).DefaultIfEmpty(1).Min();
        foreach (float scale in new[] { 1, finest })
        {
            if (Array.TrueForAll(tensor.Data, v => MathF.Abs(v / scale) <= MaxInteger && MathF.Abs((v / scale) - MathF.Round(v / scale)) <= 1e-5f * MathF.Max(1, MathF.Abs(v / scale) / 16)))
            {
                return new QuantizedConstantValue(tensor, new Tensor(tensor.Shape, [.. tensor.Data.Select(v => MathF.Round(v / scale))]), new Tensor(tensor.Shape, [.. Enumerable.Repeat(scale, tensor.Length)]));
            }
        }

        return null;
    }

    /// <summary>The one scale of the weights that one output sums.</summary>
    /// <exception cref="UnsupportedModelException">They have several.</exception>
    public static float ScaleOf(GraphNode node, QuantizedConstantValue weights, IEnumerable<int> summed)
    {
        float scale = 0;
        foreach (int w in summed)
        {
            float s = weights.Scale.Data[w];
            if (scale != 0 && s != scale)
            {
                throw new UnsupportedModelException($"The weights of node {node.Label} have scales that differ along the summed axis; one scale a tensor or one an output channel is supported.");
            }

            scale = s;
        }

        return scale;
    }
}
