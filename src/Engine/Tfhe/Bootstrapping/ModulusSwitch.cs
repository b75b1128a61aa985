using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// Centred modulus switch from 32-bit words to 2N (the mean compensation of eprint 2025/809, section 3): the rounding errors
/// e_i of the mask add Σ e_i·s_i to the phase, whose mean over the keys is μ times their sum, μ = 1/(l_b + 1) being the mean of a key bit (1/2 for uniform keys); it is taken off the
/// body. With the body rounded down, index = floor(phase'·2N), so boxes of equal width tolerate errors symmetrically.
/// The remaining variance is n·μ(1 − μ)/12 in units of 1/(2N)² (n/48 for uniform keys), times 1 + 3φ² with a companion switch.
/// </summary>
internal static class ModulusSwitch
{
    /// <summary>Switches one ciphertext.</summary>
    /// <param name="ciphertext">n mask words and the body.</param>
    /// <param name="log2Modulus">log2(2N), at most 24.</param>
    /// <param name="target">n mask exponents and the body's, each in [0, 2N).</param>
    /// <param name="companion">64·φ: which fraction of the odd exponents becomes even.</param>
    /// <param name="log2Tables">θ: all exponents are multiples of 2^θ, as if the modulus were 2N/2^θ.</param>
    /// <param name="blockLength">l_b, 1 for uniform keys.</param>
    public static void Switch(ReadOnlySpan<uint> ciphertext, int log2Modulus, Span<int> target, int companion = 0, int log2Tables = 0, int blockLength = 1)
    {
        int n = ciphertext.Length - 1, shift = 32 - log2Modulus + log2Tables;
        long sum = companion == 0 ? Nearest(ciphertext[..n], shift, target) : Companion(ciphertext[..n], shift, target, companion);
        target[n] = Body(ciphertext[n], sum, shift, blockLength);
        for (int i = 0; log2Tables > 0 && i <= n; i++)
        {
            target[i] <<= log2Tables;
        }
    }

    /// <summary>The body's exponent, given the sum of the mask's rounding errors.</summary>
    public static int Body(uint body, long sum, int shift, int blockLength = 1) => (int)((body + (uint)(long)Math.Floor(sum / (blockLength + 1.0))) >> shift);

    /// <summary>Rounds mask words to multiples of 2^<paramref name="shift"/>; returns the sum of the errors.</summary>
    public static long Nearest(ReadOnlySpan<uint> mask, int shift, Span<int> target)
    {
        uint half = 1u << (shift - 1);
        long sum = 0;
        for (int i = 0; i < mask.Length; i++)
        {
            uint a = mask[i];
            uint r = (a + half) >> shift;
            sum += (int)((r << shift) - a);
            target[i] = (int)r;
        }

        return sum;
    }

    /// <summary>
    /// Rounds, and moves those odd results to their even neighbour on the side of the unrounded value that lie farthest from their nearest integer
    /// (|e_i| ≥ (1 − φ)/2 units), so that each costs the least variance. The side is that of the error's sign: eprint 2025/2214's published code takes
    /// the low bit of the truncated value, and so the far neighbour, at errors of 1 to 1.5 units.
    /// </summary>
    private static long Companion(ReadOnlySpan<uint> mask, int shift, Span<int> target, int companion)
    {
        uint half = 1u << (shift - 1), wrap = uint.MaxValue >> shift;
        int unit = 1 << shift, threshold = (RotationPlan.CompanionUnit - companion) * (unit / (2 * RotationPlan.CompanionUnit));
        long sum = 0;
        for (int i = 0; i < mask.Length; i++)
        {
            uint a = mask[i];
            uint r = (a + half) >> shift;
            int error = (int)((r << shift) - a);
            if ((r & 1) != 0 && Math.Abs(error) >= threshold)
            {
                int down = error > 0 ? 1 : 0;
                r = (r + 1 - (2 * (uint)down)) & wrap;
                error += unit - (2 * down * unit);
            }

            sum += error;
            target[i] = (int)r;
        }

        return sum;
    }
}
