using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Quantization;

/// <summary>Means of a tensor's channels, sample by sample.</summary>
internal static class ChannelMeans
{
    /// <summary>How the channels of a weighted node's output lie: their number, and how many neighbours belong to one.</summary>
    public static (int Channels, int Inner) Layout(GraphNode node, int[] shape) => shape.Length < 2 || node.OpType == "MatMul"
        ? (shape.Length == 0 ? 1 : shape[^1], 1)
        : (shape[1], Sizes.Product(shape.AsSpan(2)));

    /// <summary>The mean of each channel of one sample.</summary>
    public static float[] Of(GraphNode node, float[] values, int[] shape)
    {
        (int channels, int inner) = Layout(node, shape);
        var sum = new double[channels];
        for (int i = 0; i < values.Length; i++)
        {
            sum[i / inner % channels] += values[i];
        }

        double count = (double)values.Length / channels;
        return [.. sum.Select(s => (float)(s / count))];
    }
}
