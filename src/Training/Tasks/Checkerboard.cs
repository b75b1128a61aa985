using BlindGrain.Training.Data;

namespace BlindGrain.Training.Tasks;

/// <summary>
/// The checkerboard of Concrete-ML's deep-learning examples (documentation v0.3 and v0.4): a 100 × 100 grid on the unit
/// square, label = (rint(3x) mod 2) XOR (rint(3y) mod 2), and only then normal noise on both coordinates, so that no
/// classifier is right on every point. 9 500 points train, 500 test.
/// </summary>
internal static class Checkerboard
{
    /// <summary>Grid points along one side.</summary>
    public const int Side = 100;

    /// <summary>Points kept for the test; the rest train.</summary>
    public const int TestCount = 500;

    /// <summary>The standard deviation of the noise on a coordinate.</summary>
    public const double Noise = 0.01;

    /// <summary>The data of one seed: noise, then one shuffle, then the split.</summary>
    public static (Dataset Train, Dataset Test) Generate(ulong seed)
    {
        var random = new SeededRandom(seed);
        var coordinates = new float[2 * Side * Side];
        var labels = new long[Side * Side];
        for (int i = 0; i < labels.Length; i++)
        {
            double x = (double)(i % Side) / (Side - 1);
            double y = (double)(i / Side) / (Side - 1);
            labels[i] = LabelOf(x, y);
            coordinates[2 * i] = (float)(x + (Noise * random.NextGaussian()));
            coordinates[(2 * i) + 1] = (float)(y + (Noise * random.NextGaussian()));
        }

        int[] order = random.Permutation(labels.Length);
        var all = new Dataset(coordinates, [2], labels);
        return (all.Select(order.AsSpan(0, order.Length - TestCount)), all.Select(order.AsSpan(order.Length - TestCount)));
    }

    /// <summary>The class of a point without noise; rounding is half to even.</summary>
    public static int LabelOf(double x, double y) => Parity(x) ^ Parity(y);

    /// <summary>The share of <paramref name="points"/> that the noiseless rule itself gets right: the ceiling of any classifier, up to chance.</summary>
    public static double RuleAccuracy(Dataset points)
    {
        int right = 0;
        for (int i = 0; i < points.Count; i++)
        {
            right += LabelOf(points.Values[2 * i], points.Values[(2 * i) + 1]) == points.Labels[i] ? 1 : 0;
        }

        return (double)right / points.Count;
    }

    private static int Parity(double v) => (int)Math.Round(3 * v, MidpointRounding.ToEven) & 1;
}
