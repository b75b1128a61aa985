using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Reports;

/// <summary>One layer: a linear step with the look-ups that read it, or a look-up that reads no linear step.</summary>
/// <param name="Name">The name of the layer's first step.</param>
/// <param name="Bootstraps">Programmable bootstraps of one inference in this layer; 0 where the layer's integers leave the circuit.</param>
/// <param name="AccumulatorMin">The least value that any of the layer's accumulators can take.</param>
/// <param name="AccumulatorMax">The largest.</param>
/// <param name="Bits">The bits of the layer's widest accumulator: ceil(log2 of its number of values).</param>
/// <param name="Width">The number of values of the layer's widest accumulator.</param>
/// <param name="Accumulators">The number of accumulators.</param>
/// <param name="NonZeroWeights">Weights other than zero; 0 for a look-up alone.</param>
/// <param name="Tables">Distinct look-up tables.</param>
/// <param name="Log2PError">log2 of the modelled probability that one look-up of the layer reads a wrong entry; null without look-ups.</param>
/// <param name="Sigma">The modelled standard deviation of a look-up's index as a fraction of the range; null without look-ups.</param>
internal sealed record LayerReport(
    string Name,
    int Bootstraps,
    long AccumulatorMin,
    long AccumulatorMax,
    int Bits,
    long Width,
    int Accumulators,
    long NonZeroWeights,
    int Tables,
    double? Log2PError,
    double? Sigma)
{
    /// <summary>The layers of a model in order.</summary>
    public static IReadOnlyList<LayerReport> Of(CompiledModel model)
    {
        IReadOnlyList<CircuitStep> steps = model.Circuit.Steps;
        var layers = new List<LayerReport>();
        for (int i = 0; i < steps.Count; i++)
        {
            if (steps[i] is LinearStep linear)
            {
                int value = i + 1;
                int[] readers = [.. Enumerable.Range(0, steps.Count).Where(s => steps[s] is LookupStep lookup && lookup.Source == value)];
                layers.Add(Describe(model, linear.Name, value, readers, linear.Terms.Sum(t => (long)t.Matrix.Weight.Length)));
            }
            else if (steps[i] is LookupStep lookup && (lookup.Source == 0 || steps[lookup.Source - 1] is LookupStep))
            {
                layers.Add(Describe(model, lookup.Name, lookup.Source, [i], 0));
            }
        }

        return layers;
    }

    private static LayerReport Describe(CompiledModel model, string name, int value, int[] readers, long weights)
    {
        ValueRange[] ranges = model.Circuit.Ranges[value];
        ValueRange widest = ranges.MaxBy(r => r.Width);
        LookupStep[] lookups = [.. readers.Select(r => (LookupStep)model.Circuit.Steps[r])];
        return new LayerReport(
            name,
            lookups.Sum(l => l.OutputLength),
            ranges.Min(r => r.Min),
            ranges.Max(r => r.Max),
            widest.Bits,
            widest.Width,
            ranges.Length,
            weights,
            lookups.Sum(l => l.Tables.Count),
            readers.Length == 0 ? null : readers.Max(model.Log2PError),
            readers.Length == 0 ? null : readers.Max(model.Sigma));
    }
}
