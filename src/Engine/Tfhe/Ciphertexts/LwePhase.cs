namespace BlindGrain.Engine.Tfhe.Ciphertexts;

/// <summary>The phase of an LWE ciphertext under a binary key, b − Σ a_i·s_i: the message and its noise.</summary>
internal static class LwePhase
{
    /// <summary>Computes the phase of 32-bit words.</summary>
    /// <param name="ciphertext">Mask words and the body.</param>
    /// <param name="key">As many values of 0 or 1 as mask words.</param>
    public static uint Of(ReadOnlySpan<uint> ciphertext, ReadOnlySpan<byte> key)
    {
        uint phase = ciphertext[^1];
        for (int i = 0; i < key.Length; i++)
        {
            phase -= ciphertext[i] & (0u - key[i]);
        }

        return phase;
    }
}
