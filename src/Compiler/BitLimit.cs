using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler;

/// <summary>Refuses circuits whose look-ups read more bits than their owner allows.</summary>
internal static class BitLimit
{
    /// <summary>Checks every look-up.</summary>
    /// <exception cref="UnsupportedModelException">Some are wider: the message names them with their bits.</exception>
    public static void Check(IEnumerable<CircuitStep> steps, IReadOnlyList<ValueRange[]> ranges, int limit)
    {
        string[] wide = [.. steps.OfType<LookupStep>()
            .Select(s => (s.Name, Bits: ranges[s.Source].Max(r => r.Bits)))
            .Where(s => s.Bits > limit)
            .Select(s => $"'{s.Name}' ({s.Bits} bits)")];
        if (wide.Length > 0)
        {
            throw new UnsupportedModelException($"The inputs of these look-ups take more than the allowed {limit} bits: {string.Join(", ", wide)}. Use fewer bits or fewer non-zero weights, calibrate the ranges, or allow more.");
        }
    }
}
