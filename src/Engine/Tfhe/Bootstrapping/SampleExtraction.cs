namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// Extraction of a GLWE ciphertext's constant coefficient as an LWE ciphertext under the flattened GLWE key
/// (a_0 = A[0], a_i = −A[N − i]; body B[0]), rounded to 32-bit words on the way.
/// </summary>
internal static unsafe class SampleExtraction
{
    /// <summary>Extracts coefficient 0.</summary>
    /// <param name="accumulator">k+1 polynomials, <paramref name="stride"/> words apart.</param>
    /// <param name="stride">Words from one polynomial to the next.</param>
    /// <param name="size">N.</param>
    /// <param name="target">kN mask words and the body.</param>
    public static void Constant(ulong* accumulator, int stride, int size, Span<uint> target)
    {
        int k = (target.Length - 1) / size;
        for (int u = 0; u < k; u++)
        {
            ulong* a = accumulator + ((nint)u * stride);
            Span<uint> mask = target.Slice(u * size, size);
            mask[0] = Round(a[0]);
            for (int i = 1; i < size; i++)
            {
                mask[i] = Round(0 - a[size - i]);
            }
        }

        target[^1] = Round(accumulator[(nint)k * stride]);
    }

    private static uint Round(ulong word) => (uint)((word + 0x80000000UL) >> 32);
}
