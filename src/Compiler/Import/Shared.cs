namespace BlindGrain.Compiler.Import;

/// <summary>Arrays in which all elements may be alike.</summary>
internal static class Shared
{
    /// <summary>One number where all are equal.</summary>
    public static float[] Of(float[] values) => Array.TrueForAll(values, v => v == values[0]) ? [values[0]] : values;
}
