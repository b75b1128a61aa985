namespace BlindGrain.Training.Pruning;

/// <summary>Prunes the weights of least magnitude neuron by neuron, so that none keeps more than a number: a bound on every accumulator, not on their mean.</summary>
internal static class NeuronCap
{
    /// <summary>The mask that keeps the <paramref name="maxNonZero"/> largest magnitudes of every row.</summary>
    /// <param name="weights">The layer's weights, [out, in] row-major.</param>
    /// <param name="inFeatures">The length of a row.</param>
    /// <param name="maxNonZero">How many weights a neuron keeps, at least 1.</param>
    public static bool[] Mask(ReadOnlySpan<float> weights, int inFeatures, int maxNonZero)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNonZero);
        var keep = new bool[weights.Length];
        for (int start = 0; start < weights.Length; start += inFeatures)
        {
            bool[] row = L1Unstructured.Mask(weights.Slice(start, inFeatures), Math.Max(0, inFeatures - maxNonZero));
            row.CopyTo(keep, start);
        }

        return keep;
    }
}
