namespace BlindGrain.Compiler.Import;

/// <summary>Tables whose input is rounded first: low bits are dropped, half rounds up.</summary>
internal static class RoundedTable
{
    /// <summary>The table with at most 2^<paramref name="bits"/> plateaus; unchanged where it has no more entries than that.</summary>
    public static int[] Of(int[] outputs, int? bits)
    {
        int drop = 0;
        while (bits is { } b && Plateaus(outputs.Length, drop) > 1L << b)
        {
            drop++;
        }

        if (drop == 0)
        {
            return outputs;
        }

        var rounded = new int[outputs.Length];
        int half = 1 << (drop - 1);
        for (int t = 0; t < rounded.Length; t++)
        {
            rounded[t] = outputs[Math.Min(((t + half) >> drop) << drop, outputs.Length - 1)];
        }

        return rounded;
    }

    /// <summary>How many different entries are left of <paramref name="length"/> when <paramref name="drop"/> bits are dropped.</summary>
    private static long Plateaus(int length, int drop) => drop == 0 ? length : ((length - 1L + (1L << (drop - 1))) >> drop) + 1;
}
