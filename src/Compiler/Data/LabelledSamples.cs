namespace BlindGrain.Compiler.Data;

/// <summary>Float samples and, where known, the class of each.</summary>
/// <param name="Inputs">One flat array a sample, all of one length.</param>
/// <param name="Labels">The classes, from 0, in the same order; null where the data has none.</param>
public sealed record LabelledSamples(float[][] Inputs, int[]? Labels)
{
    /// <summary>The number of samples.</summary>
    public int Count => Inputs.Length;

    /// <summary>The first <paramref name="count"/> samples.</summary>
    public LabelledSamples Take(int count) => new(Inputs[..count], Labels?[..count]);
}
