namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// Centred modulus switch from 32-bit words to 2N (the mean compensation of eprint 2025/809, section 3): the rounding errors
/// e_i of the mask add Σ e_i·s_i to the phase, whose mean over a uniform binary key is half their sum; it is taken off the
/// body. With the body rounded down, index = floor(phase'·2N), so boxes of equal width tolerate errors symmetrically.
/// The remaining variance is n/48 in units of 1/(2N)².
/// </summary>
internal static class ModulusSwitch
{
    /// <summary>Switches one ciphertext.</summary>
    /// <param name="ciphertext">n mask words and the body.</param>
    /// <param name="log2Modulus">log2(2N), below 32.</param>
    /// <param name="target">n mask exponents and the body's, each in [0, 2N).</param>
    public static void Switch(ReadOnlySpan<uint> ciphertext, int log2Modulus, Span<int> target)
    {
        int n = ciphertext.Length - 1, shift = 32 - log2Modulus;
        uint half = 1u << (shift - 1);
        long sum = 0;
        for (int i = 0; i < n; i++)
        {
            uint a = ciphertext[i];
            uint r = (a + half) >> shift;
            sum += (int)((r << shift) - a);
            target[i] = (int)r;
        }

        target[n] = (int)((ciphertext[n] + (uint)(sum >> 1)) >> shift);
    }
}
