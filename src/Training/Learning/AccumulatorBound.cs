using BlindGrain.Training.Layers;
using BlindGrain.Training.Networks;

namespace BlindGrain.Training.Learning;

/// <summary>
/// Keeps every neuron's worst-case accumulator within a width, at every step of training: with inputs of at most L + 1 levels it takes at most L · Σ|q| + 1 values,
/// so Σ|q| ≤ (W − 1) / L. Where the integers q of a neuron exceed that, those that rounding made longest step towards zero, one step each at a time (the constraint of A2Q,
/// Colbert, Pappalardo and Petri-Koenig, ICCV 2023, as a projection).
/// </summary>
internal static class AccumulatorBound
{
    /// <summary>Projects the weights of every layer whose input has a quantizer before it.</summary>
    /// <param name="network">The network; its float weights change where they must.</param>
    /// <param name="bits">The accumulators' width in bits, 2 to 16.</param>
    public static void Enforce(QuantSequential network, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 16);
        int?[] levels = network.InputLevels();
        for (int i = 0; i < levels.Length; i++)
        {
            if (levels[i] is { } most)
            {
                Enforce(network.WeightLayers[i], ((1 << bits) - 1) / most);
            }
        }
    }

    private static void Enforce(WeightLayer layer, int budget)
    {
        if (layer.LargestIntegerNorm() <= budget)
        {
            return;
        }

        float[] weights = layer.Weights();
        float step = layer.WeightQuantizer.Scale;
        int top = layer.WeightQuantizer.QMax;
        for (int start = 0; start < weights.Length; start += layer.FanIn)
        {
            EnforceRow(weights.AsSpan(start, layer.FanIn), step, top, budget);
        }

        layer.SetWeights(weights);
    }

    private static void EnforceRow(Span<float> row, float step, int top, int budget)
    {
        var lengths = new int[row.Length];
        int sum = 0;
        for (int i = 0; i < row.Length; i++)
        {
            lengths[i] = (int)MathF.Min(MathF.Round(MathF.Abs(row[i]) / step, MidpointRounding.ToEven), top);
            sum += lengths[i];
        }

        if (sum <= budget)
        {
            return;
        }

        // What rounding added to a weight is what it loses first; a weight that lost a step is the last in line for the next.
        var queue = new PriorityQueue<int, float>();
        for (int i = 0; i < row.Length; i++)
        {
            if (lengths[i] > 0)
            {
                queue.Enqueue(i, MathF.Min(MathF.Abs(row[i]) / step, top) - lengths[i]);
            }
        }

        for (; sum > budget; sum--)
        {
            _ = queue.TryDequeue(out int i, out float excess);
            lengths[i]--;

            // Just below the middle between two integers, so that the next steps of training may bring it back.
            row[i] = MathF.CopySign((lengths[i] + 0.49f) * step, row[i]);
            if (lengths[i] > 0)
            {
                queue.Enqueue(i, excess + 1);
            }
        }
    }
}
