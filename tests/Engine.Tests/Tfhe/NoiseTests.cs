using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe;

/// <summary>Measured variances against the model. Bounds are wide enough that a right implementation fails less than once in 10^6 runs.</summary>
public class NoiseTests(ITestOutputHelper output)
{
    /// <summary>All sets of the catalogue within 10 % in the long form (docs/engine.md); a few with fewer samples otherwise.</summary>
    private static readonly bool s_long = Environment.GetEnvironmentVariable("BLINDGRAIN_LONG_TESTS") is { Length: > 0 };

    public static TheoryData<string> Sets() => [.. (s_long ? ParameterCatalog.All : Sample()).Select(p => p.Id)];

    /// <summary>The transform's share is largest at k = 4; both gadgets of N = 2048 differ in everything.</summary>
    private static IEnumerable<ParameterSet> Sample() => ParameterCatalog.All.Where(p => p.Log2Extension == 0)
        .DistinctBy(p => (p.GlweDimension, p.PolynomialSize, p.Bootstrap)).Where(p => p.GlweDimension.Value is 1 or 2 or 4);

    [Theory]
    [MemberData(nameof(Sets))]
    public void Blind_rotation_adds_what_the_model_says(string id)
    {
        ParameterSet p = ParameterCatalog.Find(id)!;
        using NoiseMeter meter = NoiseMeter.For(p);

        // Half of the gadget's rounding is nearly the same for all coefficients of a rotation: the samples are the rotations.
        int rotations = s_long ? 400 : 64;
        double measured = meter.Rotation(rotations), model = meter.ModelledRotation();
        output.WriteLine($"{p}: measured/model {measured / model:F3}, transform's share of the model {p.SmallDimension.Value * NoiseModel.Fourier(p) / NoiseModel.BlindRotation(p):F2}, this key's model/model {model / NoiseModel.BlindRotation(p):F3}");
        Assert.InRange(model / NoiseModel.BlindRotation(p), 0.85, 1.15);
        Assert.InRange(measured / model, s_long ? 0.9 : 0.8, s_long ? 1.1 : 1.25);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Key_switch_adds_what_the_model_says(string id)
    {
        ParameterSet p = ParameterCatalog.Find(id)!;
        using NoiseMeter meter = NoiseMeter.For(p);
        int samples = s_long ? 6000 : 1500;
        (double mean, double variance) = meter.Keyswitch(samples);

        // Digits have a mean of −1/2: a quarter of each row's noise variance is one error that a key gives every ciphertext.
        double common = p.BigDimension.Value * p.Keyswitch.Levels * Math.Pow(2, 2 * p.Log2SmallStd) / 4;
        double model = NoiseModel.Keyswitch(p) - common, error = Math.Sqrt(2.0 / samples);
        output.WriteLine($"{p}: measured/model {variance / model:F3} ± {error:F3}, common part {mean / Math.Sqrt(common):F2} of its deviation");
        Assert.InRange(variance / model, s_long ? 0.9 : 1 - (5 * error), s_long ? 1.1 : 1 + (5.5 * error));
        Assert.InRange(mean / Math.Sqrt(common), -5.5, 5.5);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_whole_bootstrap_adds_what_the_model_says(string id)
    {
        ParameterSet p = ParameterCatalog.Find(id)!;
        using NoiseMeter meter = NoiseMeter.For(p);
        int samples = s_long ? Math.Clamp((int)(60_000 / CostModel.Reference.BootstrapMilliseconds(p)), 400, 6000) : 320;
        double measured = meter.Bootstrap(samples);

        // The table is the identity at whole entries, so a uniform error of one entry comes on top.
        double model = NoiseModel.AtLookup(p, 1) + NoiseModel.Fresh(p) + (1 / 12.0 / (4.0 * p.TableSize * p.TableSize)), error = Math.Sqrt(2.0 / samples);
        output.WriteLine($"{p}: {samples} bootstraps, measured/model {measured / model:F3} ± {error:F3}");

        // The key switch's common error is one draw a key: a quarter of its noise may be nothing or nine times itself.
        double common = p.BigDimension.Value * p.Keyswitch.Levels * Math.Pow(2, 2 * p.Log2SmallStd) / 4 / model;
        Assert.InRange(measured / model, 1 - common - (4.5 * error), 1 + (9 * common) + (5 * error));
    }

    [Fact]
    public void Look_ups_by_each_set_of_a_suite_read_every_big_key_as_the_model_says()
    {
        var suite = new ParameterSuite(ParameterCatalog.All.First(p => p.PolynomialSize.Value == 1024), ParameterCatalog.All.First(p => p.PolynomialSize.Value == 2048));
        foreach (ParameterSet p in suite.Sets)
        {
            foreach (GlweParameters from in suite.BigKeys)
            {
                using NoiseMeter meter = NoiseMeter.For(suite, from, p);
                const int Switches = 1500, Bootstraps = 320;
                double common = from.BigDimension.Value * p.Keyswitch.Levels * Math.Pow(2, 2 * p.Log2SmallStd) / 4;
                (double mean, double variance) = meter.Keyswitch(Switches);
                double keyswitch = NoiseModel.Keyswitch(p, from) - common, error = Math.Sqrt(2.0 / Switches);
                output.WriteLine($"{p.Id} from kN = {from.BigDimension}: key switch measured/model {variance / keyswitch:F3} ± {error:F3}");
                Assert.InRange(variance / keyswitch, 1 - (5 * error), 1 + (5.5 * error));
                Assert.InRange(mean / Math.Sqrt(common), -5.5, 5.5);

                double model = NoiseModel.BlindRotation(p) + NoiseModel.Rounding32(p) + NoiseModel.Keyswitch(p, from) + NoiseModel.ModulusSwitch(p) + (1 / 12.0 / (4.0 * p.TableSize * p.TableSize));
                double measured = meter.Bootstrap(Bootstraps), share = common / model;
                error = Math.Sqrt(2.0 / Bootstraps);
                output.WriteLine($"    bootstrap measured/model {measured / model:F3} ± {error:F3}");
                Assert.InRange(measured / model, 1 - share - (4.5 * error), 1 + (9 * share) + (5 * error));
            }
        }
    }

    [Fact]
    public void Fresh_ciphertexts_have_the_noise_of_the_curve()
    {
        ParameterSet p = ParameterCatalog.All.First(s => s.PolynomialSize.Value == 512);
        ClientKey client = TestKeys.For(p).Client;
        const int Count = 1000;
        LweBatch input = SeededLweList.Encrypt(client, new ulong[Count]).Expand(p);
        double sum = 0;
        for (int c = 0; c < Count; c++)
        {
            double error = (int)LwePhase.Of(input[c], client.Big) / Math.Pow(2, 32);
            sum += error * error;
        }

        Assert.InRange(sum / Count / (NoiseModel.Fresh(p) + NoiseModel.Rounding32(p)), 0.78, 1.25);
    }

    [Fact]
    public void Centred_modulus_switch_adds_n_over_48()
    {
        const int Dimension = 800, Log2Modulus = 12, Count = 4000;
        var random = new System.Random(7);
        var key = new byte[Dimension];
        var ciphertext = new uint[Dimension + 1];
        var exponents = new int[Dimension + 1];
        double sum = 0;
        for (int c = 0; c < Count; c++)
        {
            for (int i = 0; i < Dimension; i++)
            {
                key[i] = (byte)random.Next(2);
                ciphertext[i] = (uint)random.NextInt64(1L << 32);
            }

            // The body is set so that the phase is exactly the middle of the torus' first half.
            ciphertext[Dimension] = 0;
            ciphertext[Dimension] = (1u << 30) - LwePhase.Of(ciphertext, key);
            ModulusSwitch.Switch(ciphertext, Log2Modulus, exponents);
            int index = exponents[Dimension];
            for (int i = 0; i < Dimension; i++)
            {
                index -= exponents[i] * key[i];
            }

            // floor() of a value uniform in its unit adds 1/12 and a mean of −1/2 to the error measured on whole indices.
            double error = (index & ((1 << Log2Modulus) - 1)) + 0.5 - (1 << (Log2Modulus - 2));
            sum += error * error;
        }

        Assert.InRange(sum / Count / ((Dimension / 48.0) + (1 / 12.0)), 0.87, 1.13);
    }
}
