namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// Extraction of a coefficient of a GLWE ciphertext as an LWE ciphertext under the flattened GLWE key (that of coefficient h:
/// a_i = A[h − i] for i ≤ h, −A[N + h − i] beyond; body B[h]), rounded to 32-bit words on the way.
/// </summary>
internal static unsafe class SampleExtraction
{
    /// <summary>Extracts coefficient 0 of X^(−<paramref name="position"/>) times the ciphertext: coefficient h of it for position h, and −1 times that for N + h.</summary>
    /// <param name="accumulator">k+1 polynomials, <paramref name="stride"/> words apart.</param>
    /// <param name="stride">Words from one polynomial to the next.</param>
    /// <param name="size">N.</param>
    /// <param name="position">0 to 2N − 1.</param>
    /// <param name="target">kN mask words and the body.</param>
    public static void Coefficient(ulong* accumulator, int stride, int size, int position, Span<uint> target)
    {
        int k = (target.Length - 1) / size, h = position & (size - 1);
        ulong sign = position < size ? 0 : ulong.MaxValue;
        for (int u = 0; u < k; u++)
        {
            ulong* a = accumulator + ((nint)u * stride);
            Span<uint> mask = target.Slice(u * size, size);
            for (int i = 0; i <= h; i++)
            {
                mask[i] = Round(a[h - i], sign);
            }

            for (int i = h + 1; i < size; i++)
            {
                mask[i] = Round(a[size + h - i], ~sign);
            }
        }

        target[^1] = Round(accumulator[((nint)k * stride) + h], sign);
    }

    private static uint Round(ulong word, ulong sign) => (uint)(((word ^ sign) - sign + 0x80000000UL) >> 32);
}
