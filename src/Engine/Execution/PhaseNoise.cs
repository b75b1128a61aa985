using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>The variances of phase errors that a parameter set gives, relative to the torus, by where they arise.</summary>
/// <param name="Fresh">A fresh input ciphertext as it travels.</param>
/// <param name="Refreshed">What a bootstrap yields, whatever it read.</param>
/// <param name="Keyswitch">What the key switch adds to the phase that a bootstrap reads, <paramref name="KeyBias"/> included. What the modulus switch adds depends on the look-up's plan.</param>
/// <param name="KeyBias">
/// The part of <paramref name="Keyswitch"/> that is one draw a key and the same for all its ciphertexts: the key switch's digits have a mean of −1/2, so each key word's error σ
/// comes through with that factor, kN·l·σ²/4 in all.
/// </param>
internal sealed record PhaseNoise(double Fresh, double Refreshed, double Keyswitch, double KeyBias)
{
    /// <summary>The variances of a parameter set, by <see cref="NoiseModel"/>.</summary>
    public static PhaseNoise Of(ParameterSet p)
    {
        double rounding = NoiseModel.Rounding32(p);
        double bias = p.BigDimension.Value * p.Keyswitch.Levels / 4.0 * Math.Pow(2, 2 * p.Log2SmallStd);
        return new PhaseNoise(NoiseModel.Fresh(p) + rounding, NoiseModel.BlindRotation(p) + rounding, NoiseModel.Keyswitch(p), bias);
    }
}
