namespace BlindGrain.Engine.Execution;

/// <summary>The index errors of one look-up step over many look-ups, as sums that add up.</summary>
/// <param name="Count">The look-ups.</param>
/// <param name="Sum">The sum of the phase errors at the table, as fractions of the half torus.</param>
/// <param name="SumOfSquares">The sum of their squares.</param>
/// <param name="Misread">How many read an entry that stands for another integer than the accumulator held.</param>
/// <param name="Wrong">How many yielded another integer than a noiseless look-up of the same accumulator.</param>
/// <param name="Wrapped">How many left the half torus and came back negated.</param>
public sealed record LookupNoise(long Count, double Sum, double SumOfSquares, long Misread, long Wrong, long Wrapped)
{
    /// <summary>The mean error, as a fraction of the half torus.</summary>
    public double Mean => Count == 0 ? 0 : Sum / Count;

    /// <summary>The errors' root mean square, as a fraction of the half torus: what <see cref="CompiledModel.Sigma"/> models.</summary>
    public double Sigma => Count == 0 ? 0 : Math.Sqrt(SumOfSquares / Count);

    /// <summary>Two steps' or batches' errors together.</summary>
    public LookupNoise Add(LookupNoise other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new LookupNoise(Count + other.Count, Sum + other.Sum, SumOfSquares + other.SumOfSquares, Misread + other.Misread, Wrong + other.Wrong, Wrapped + other.Wrapped);
    }
}
