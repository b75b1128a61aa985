namespace BlindGrain.Training.Pruning;

/// <summary>
/// Prunes the weights of least magnitude of a whole layer (torch.nn.utils.prune.l1_unstructured): neurons keep a number on
/// average, and some keep more than others.
/// </summary>
internal static class L1Unstructured
{
    /// <summary>The mask that drops <paramref name="amount"/> weights; of equal magnitudes the first goes.</summary>
    /// <param name="weights">The layer's weights.</param>
    /// <param name="amount">How many to drop, 0 to all.</param>
    public static bool[] Mask(ReadOnlySpan<float> weights, int amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, weights.Length);
        float[] magnitudes = weights.ToArray();
        int[] order = Enumerable.Range(0, magnitudes.Length).OrderBy(i => MathF.Abs(magnitudes[i])).ToArray();
        var keep = new bool[magnitudes.Length];
        Array.Fill(keep, true);
        foreach (int i in order.AsSpan(0, amount))
        {
            keep[i] = false;
        }

        return keep;
    }

    /// <summary>How many weights to drop so that <paramref name="maxNonZero"/> remain a neuron on average; none where there are not more.</summary>
    public static int AmountFor(int inFeatures, int outFeatures, int maxNonZero) => Math.Max(0, inFeatures - maxNonZero) * outFeatures;
}
