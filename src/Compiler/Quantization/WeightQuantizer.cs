using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Quantization;

/// <summary>The scales of quantized weights.</summary>
/// <param name="Scales">One, or one an output channel.</param>
/// <param name="ScaleShape">The shape that broadcasts to the weights'.</param>
internal sealed record QuantizedTensor(float[] Scales, int[] ScaleShape);

/// <summary>Chooses the scales of weights: symmetric and narrow, so that zero stays zero and integers have either sign alike.</summary>
internal static class WeightQuantizer
{
    public static QuantizedTensor Quantize(GraphNode node, Tensor weights, int index, PostTrainingOptions options)
    {
        int axis = options.PerChannel ? ChannelAxis(node, weights, index) : -1;
        int channels = axis < 0 ? 1 : weights.Shape[axis];
        int inner = axis < 0 ? 1 : Sizes.Product(weights.Shape.AsSpan(axis + 1));
        List<float>[] groups = [.. Enumerable.Range(0, channels).Select(_ => new List<float>())];
        for (int i = 0; i < weights.Length; i++)
        {
            groups[axis < 0 ? 0 : i / inner % channels].Add(weights.Data[i]);
        }

        int[] shape = axis < 0 ? [] : [.. weights.Shape.Select((d, a) => a == axis ? d : 1)];
        return new QuantizedTensor([.. groups.Select(g => Scale([.. g], options))], shape);
    }

    private static float Scale(float[] weights, PostTrainingOptions options) => options.WeightBits == 1
        ? MathF.Max(weights.Average(MathF.Abs), float.Epsilon)
        : RangeEstimator.WeightScale(weights, options, (1 << (options.WeightBits - 1)) - 1);

    /// <summary>The axis of the output channels: never one that is summed.</summary>
    private static int ChannelAxis(GraphNode node, Tensor weights, int index) => node.OpType switch
    {
        "Conv" => 0,
        "ConvTranspose" => node.Int("group", 1) == 1 ? 1 : -1,
        "Gemm" => node.Int("transB", 0) != 0 ? 0 : 1,
        _ when weights.Shape.Length < 2 => -1,
        _ => index == 1 ? weights.Shape.Length - 1 : weights.Shape.Length - 2,
    };
}
