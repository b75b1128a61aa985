using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Quantization;

/// <summary>
/// Integer weights q and a scale s of least squared error ‖y − s·q·x‖² of a layer's outputs, by coordinate descent: weight by weight, the best integer for it as the others are,
/// then the best scale for all, until nothing changes (Zhang, Zhang and Saab, "COMQ: a backpropagation-free algorithm for post-training quantization", 2024; the idea of
/// measuring at the output is AdaRound's, Nagel et al., ICML 2020). Here x is the layer's quantized input and y the float model's output, so a layer also makes up for what those before it
/// lost. A ridge towards the float weights decides what the data leave open. Weights that are zero, pruned ones, stay zero.
/// </summary>
internal static class LeastOutputError
{
    private const double Ridge = 0.02;
    private const int MaxSweeps = 30;

    /// <summary>Starting scales, as shares of what reaches the largest weight.</summary>
    private static readonly double[] s_starts = [1, 0.85, 0.7, 0.55, 0.4, 0.3];

    /// <summary>Solves for all channels: each with its own scale, or all with one.</summary>
    /// <param name="geometry">The layer.</param>
    /// <param name="statistics">Its data.</param>
    /// <param name="weights">The float weights.</param>
    /// <param name="top">The largest integer; the least is its negative.</param>
    /// <param name="options">Whether scales are per channel.</param>
    public static MatchedWeights Solve(LinearGeometry geometry, OutputStatistics statistics, Tensor weights, int top, PostTrainingOptions options)
    {
        int fanIn = geometry.FanIn, channels = geometry.Channels;
        double[] normal = [.. statistics.Inputs];
        double mean = 0;
        for (int i = 0; i < fanIn; i++)
        {
            mean += normal[(i * fanIn) + i] / fanIn;
        }

        // Without any spread of the inputs the ridge alone decides: rounding to nearest.
        double ridge = mean > 0 ? Ridge * mean : 1;
        for (int i = 0; i < fanIn; i++)
        {
            normal[(i * fanIn) + i] += ridge;
        }

        var rows = new MatchedRow[channels];
        _ = Parallel.For(0, channels, c =>
        {
            double[] floats = [.. Enumerable.Range(0, fanIn).Select(k => (double)weights.Data[geometry.WeightAt(c, k)])];
            var target = new double[fanIn];
            for (int k = 0; k < fanIn; k++)
            {
                target[k] = statistics.Outputs[(c * fanIn) + k] + (ridge * floats[k]);
            }

            rows[c] = new MatchedRow(floats, target);
        });
        double[] scales = options.PerChannel
            ? [.. rows.AsParallel().AsOrdered().Select(row => BestOf([row], normal, top))]
            : [BestOf(rows, normal, top)];
        var values = new float[weights.Length];
        for (int c = 0; c < channels; c++)
        {
            float scale = (float)scales[options.PerChannel ? c : 0];
            for (int k = 0; k < fanIn; k++)
            {
                values[geometry.WeightAt(c, k)] = rows[c].Integers[k] * scale;
            }
        }

        return new MatchedWeights(values, [.. scales.Select(s => (float)s)]);
    }

    /// <summary>The best scale that the rows share; they keep its integers.</summary>
    private static double BestOf(MatchedRow[] rows, double[] normal, int top)
    {
        double largest = rows.Max(r => r.Floats.Max(Math.Abs));
        if (largest == 0)
        {
            return 1;
        }

        double least = double.PositiveInfinity, best = largest / top;
        int[][] kept = [];
        foreach (double start in s_starts)
        {
            double scale = largest * start / top;
            Array.ForEach(rows, r => r.Round(scale, top));
            for (int sweep = 0; sweep < MaxSweeps; sweep++)
            {
                bool moved = false;
                foreach (MatchedRow row in rows)
                {
                    moved |= row.Sweep(normal, scale, top);
                }

                double along = rows.Sum(r => r.Along()), square = rows.Sum(r => r.Square());
                double next = along > 0 && square > 0 ? along / square : scale;
                moved |= Math.Abs(next - scale) > 1e-6 * scale;
                scale = next;
                if (!moved)
                {
                    break;
                }
            }

            double error = rows.Sum(r => (scale * scale * r.Square()) - (2 * scale * r.Along()));
            if (error < least)
            {
                (least, best, kept) = (error, scale, [.. rows.Select(r => (int[])r.Integers.Clone())]);
            }
        }

        for (int r = 0; r < rows.Length; r++)
        {
            rows[r].Integers = kept[r];
        }

        return best;
    }
}
