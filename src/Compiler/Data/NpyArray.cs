namespace BlindGrain.Compiler.Data;

/// <summary>An array of a NumPy file, its numbers as floats (integers above 2^24 round).</summary>
/// <param name="Shape">Its sizes; empty for a scalar.</param>
/// <param name="Data">Its elements, row-major.</param>
/// <param name="IsInteger">Whether the file held integers or booleans.</param>
public sealed record NpyArray(int[] Shape, float[] Data, bool IsInteger);
