using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe.Bootstrapping;

public class ModulusSwitchTests
{
    private const int Log2Modulus = 13;

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(40)]
    [InlineData(63)]
    public void The_companion_switch_adds_what_the_model_says(int companion)
    {
        const int Dimension = 800, Count = 4000;
        var random = new System.Random(companion);
        var key = new byte[Dimension];
        var ciphertext = new uint[Dimension + 1];
        var exponents = new int[Dimension + 1];
        double sum = 0;
        long odd = 0;
        for (int c = 0; c < Count; c++)
        {
            for (int i = 0; i < Dimension; i++)
            {
                key[i] = (byte)random.Next(2);
                ciphertext[i] = (uint)random.NextInt64(1L << 32);
            }

            ciphertext[Dimension] = 0;
            ciphertext[Dimension] = (1u << 30) - LwePhase.Of(ciphertext, key);
            ModulusSwitch.Switch(ciphertext, Log2Modulus, exponents, companion);
            int index = exponents[Dimension];
            for (int i = 0; i < Dimension; i++)
            {
                index -= exponents[i] * key[i];
                odd += exponents[i] & 1;
            }

            double error = (index & ((1 << Log2Modulus) - 1)) + 0.5 - (1 << (Log2Modulus - 2));
            sum += error * error;
        }

        // The catalogue's formula in units of 1/(2N')², and 1/12 for reading whole indices.
        ParameterSet p = ParameterCatalog.All.First(s => s.TableSize == 1 << (Log2Modulus - 1));
        var plan = new RotationPlan(p.Log2Extension, companion);
        double model = NoiseModel.ModulusSwitch(p, plan) * Math.Pow(2, 2 * Log2Modulus) / p.SmallDimension.Value * Dimension;
        Assert.InRange(sum / Count / (model + (1 / 12.0)), 0.87, 1.13);
        Assert.InRange(odd / (double)Count / Dimension, ((1 - plan.CompanionFraction) / 2) - 0.003, ((1 - plan.CompanionFraction) / 2) + 0.003);
    }

    [Fact]
    public void A_moved_element_goes_to_the_even_neighbour_on_the_side_of_its_unrounded_value()
    {
        var random = new System.Random(5);
        uint[] ciphertext = [.. Enumerable.Range(0, 2000).Select(_ => (uint)random.NextInt64(1L << 32)), uint.MaxValue, 0];
        var nearest = new int[ciphertext.Length];
        var moved = new int[ciphertext.Length];
        ModulusSwitch.Switch(ciphertext, Log2Modulus, nearest);
        ModulusSwitch.Switch(ciphertext, Log2Modulus, moved, RotationPlan.CompanionUnit - 1);
        int changes = 0;
        for (int i = 0; i < ciphertext.Length - 1; i++)
        {
            double exact = ciphertext[i] / Math.Pow(2, 32 - Log2Modulus), distance = Math.Abs(moved[i] - exact);
            Assert.InRange(moved[i], 0, (1 << Log2Modulus) - 1);
            Assert.InRange(Math.Min(distance, (1 << Log2Modulus) - distance), 0, 1);
            Assert.True(moved[i] == nearest[i] || ((nearest[i] & 1) == 1 && (moved[i] & 1) == 0));
            changes += moved[i] == nearest[i] ? 0 : 1;
        }

        Assert.InRange(changes, 880, 1120);
    }
}
