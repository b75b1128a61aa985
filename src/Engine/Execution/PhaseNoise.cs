using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>The variances of phase errors, relative to the torus, by where they arise.</summary>
internal static class PhaseNoise
{
    /// <summary>A fresh input ciphertext under a big key, as it travels.</summary>
    public static double Fresh(GlweParameters glwe) => Math.Pow(2, 2 * glwe.Log2Std) + NoiseModel.Rounding32(glwe.BigDimension.Value);

    /// <summary>What a bootstrap by a set yields, whatever it read.</summary>
    public static double Refreshed(ParameterSet set) => NoiseModel.BlindRotation(set) + NoiseModel.Rounding32(set);

    /// <summary>
    /// What the key switch from a big key to a set's small key adds to the phase that a bootstrap reads, <see cref="KeyBias"/> included. What the modulus switch adds depends on
    /// the look-up's plan.
    /// </summary>
    public static double Keyswitch(GlweParameters from, ParameterSet set) => NoiseModel.Keyswitch(set, from);

    /// <summary>
    /// The part of <see cref="Keyswitch"/> that is one draw a key and the same for all its ciphertexts: the key switch's digits have a mean of −1/2, so each key word's error σ
    /// comes through with that factor, kN·l·σ²/4 in all.
    /// </summary>
    public static double KeyBias(GlweParameters from, ParameterSet set) => from.BigDimension.Value * set.Keyswitch.Levels / 4.0 * Math.Pow(2, 2 * set.Log2SmallStd);
}
