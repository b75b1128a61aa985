namespace BlindGrain.Training.Reproduction;

/// <summary>Figures of several seeds in short.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation, of a sample; 0 for one.</param>
/// <param name="Least">The least.</param>
/// <param name="Most">The greatest.</param>
/// <param name="Count">How many there are.</param>
internal sealed record Spread(double Mean, double Deviation, double Least, double Most, int Count)
{
    /// <summary>Of at least one number.</summary>
    public static Spread Of(IEnumerable<double> numbers)
    {
        double[] all = [.. numbers];
        double mean = all.Average();
        double deviation = all.Length < 2 ? 0 : Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / (all.Length - 1));
        return new Spread(mean, deviation, all.Min(), all.Max(), all.Length);
    }
}
