using BlindGrain.Training.Data;

namespace BlindGrain.Training.Tasks;

/// <summary>
/// What no classifier of the checkerboard can pass but by chance: noise moved points after they were labelled. The classifier that knows the grid and the noise
/// takes the likelier label of each point; since the noise of x and y is independent, so are the parities of the cells that they came from, and one axis at a time suffices.
/// </summary>
internal static class CheckerboardCeiling
{
    /// <summary>The share of <paramref name="points"/> that the best classifier gets right, 0 to 1.</summary>
    public static double Accuracy(Dataset points)
    {
        int right = 0;
        for (int i = 0; i < points.Count; i++)
        {
            right += (ProbabilityOfOne(points, i) > 0.5 ? 1 : 0) == points.Labels[i] ? 1 : 0;
        }

        return (double)right / points.Count;
    }

    /// <summary>The share that the best classifier can be expected to get right where points lie as <paramref name="points"/> do, 0 to 1: the labels are not looked at.</summary>
    public static double Expected(Dataset points)
    {
        double sum = 0;
        for (int i = 0; i < points.Count; i++)
        {
            double one = ProbabilityOfOne(points, i);
            sum += Math.Max(one, 1 - one);
        }

        return sum / points.Count;
    }

    private static double ProbabilityOfOne(Dataset points, int i)
    {
        double x = Odd(points.Values[2 * i]), y = Odd(points.Values[(2 * i) + 1]);
        return (x * (1 - y)) + ((1 - x) * y);
    }

    /// <summary>The probability that the grid point that a noisy coordinate came from lies in an odd cell.</summary>
    private static double Odd(double noisy)
    {
        double odd = 0, all = 0;
        for (int g = 0; g < Checkerboard.Side; g++)
        {
            double v = (double)g / (Checkerboard.Side - 1), z = (noisy - v) / Checkerboard.Noise, weight = Math.Exp(-z * z / 2);
            all += weight;
            odd += Checkerboard.LabelOf(v, 0) * weight;
        }

        return odd / all;
    }
}
