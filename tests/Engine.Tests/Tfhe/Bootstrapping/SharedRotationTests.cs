using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe.Bootstrapping;

/// <summary>Several tables on one blind rotation (eprint 2021/729).</summary>
public class SharedRotationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_message_goes_through_every_table(int log2Tables)
    {
        ParameterSet p = ParameterCatalog.All.First(s => s.PolynomialSize.Value == 2048);
        (ClientKey client, _, ServerKey server) = TestKeys.For(p);
        const int Bits = 2;
        const int Messages = 1 << Bits;
        int tables = 1 << log2Tables, boxes = p.PolynomialSize.Value >> log2Tables;
        ulong delta = 1UL << (63 - Bits);
        LweBatch input = SeededLweList.Encrypt(client, [.. Enumerable.Range(0, Messages).Select(m => (ulong)m * delta)]).Expand(p);
        ulong[] interleaved = [.. Enumerable.Range(0, p.PolynomialSize.Value).Select(j => (ulong)Function(j % tables, j / tables * Messages / boxes) * delta)];

        // The first message wants one table only, the last all of them.
        int[] wanted = [1, .. Enumerable.Repeat(tables, Messages - 1)];
        var result = new LweBatch(p.BigDimension, wanted.Sum());
        using var bootstrapper = new Bootstrapper(server);
        bootstrapper.Bootstrap(input, Enumerable.Repeat((uint)(delta >> 33), Messages).ToArray(), Enumerable.Repeat(interleaved, Messages).ToArray(), result, new RotationPlan(0, 0, log2Tables), wanted);
        int next = 0;
        for (int m = 0; m < Messages; m++)
        {
            for (int t = 0; t < wanted[m]; t++)
            {
                ulong phase = (ulong)LwePhase.Of(result[next++], client.Big) << 32;
                Assert.Equal(Function(t, m), (int)((phase + (delta / 2)) / delta) % (2 * Messages));
            }
        }

        static int Function(int table, int message) => ((3 * message) + table) % Messages;
    }

    [Fact]
    public void One_table_is_the_ordinary_bootstrap_bit_for_bit()
    {
        ParameterSet p = TestKeys.Small;
        (ClientKey client, _, ServerKey server) = TestKeys.For(p);
        LweBatch input = SeededLweList.Encrypt(client, [1UL << 61, 3UL << 61, 0]).Expand(p);
        ulong[][] tables = [.. Enumerable.Range(1, 3).Select(i => Enumerable.Range(0, p.TableSize).Select(j => (ulong)(i * j) << 40).ToArray())];
        LweBatch ordinary = new(p.BigDimension, 3), shared = new(p.BigDimension, 3);
        using var bootstrapper = new Bootstrapper(server);
        bootstrapper.Bootstrap(input, [], tables, ordinary);
        bootstrapper.Bootstrap(input, [], tables, shared, new RotationPlan(0, 0, 0), [1, 1, 1]);
        Assert.Equal(ordinary.Data, shared.Data);
    }

    [Fact]
    public void The_results_have_the_noise_of_a_rotation_and_at_most_all_of_it_in_common()
    {
        ParameterSet p = ParameterCatalog.All.First(s => s.PolynomialSize.Value == 512);
        (ClientKey client, _, ServerKey server) = TestKeys.For(p);
        const int Count = 300;
        LweBatch input = SeededLweList.Encrypt(client, Enumerable.Repeat(1UL << 62, Count).ToArray()).Expand(p);

        // A word with bits everywhere: a table of zeros would have digits of zero, and no noise.
        const uint Constant = 0x2B7E1516;
        ulong[] table = [.. Enumerable.Repeat(((ulong)Constant << 32) | 0x28AED2A6, p.PolynomialSize.Value)];
        var result = new LweBatch(p.BigDimension, 2 * Count);
        using var bootstrapper = new Bootstrapper(server);
        bootstrapper.Bootstrap(input, [], Enumerable.Repeat(table, Count).ToArray(), result, new RotationPlan(0, 0, 1), Enumerable.Repeat(2, Count).ToArray());
        double squares = 0, product = 0;
        for (int i = 0; i < Count; i++)
        {
            double a = (int)(LwePhase.Of(result[2 * i], client.Big) - Constant) / Math.Pow(2, 32), b = (int)(LwePhase.Of(result[(2 * i) + 1], client.Big) - Constant) / Math.Pow(2, 32);
            squares += ((a * a) + (b * b)) / 2;
            product += a * b;
        }

        // The model's share of the transform is an upper bound; the rest is met within 3.5 deviations of 300 samples.
        double ratio = squares / Count / NoiseModel.BlindRotation(p);
        output.WriteLine($"{p}: measured/model {ratio:F3}, correlation of neighbours {product / squares:F3}");
        Assert.InRange(ratio, 0.35, 1.4);
        Assert.InRange(product / squares, -0.25, 1);
    }

    [Fact]
    public void The_modulus_switch_of_shared_rotations_has_the_modelled_variance()
    {
        const int Dimension = 800, Log2Modulus = 12, Log2Tables = 2, Count = 3000;
        var random = new System.Random(11);
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

            ciphertext[Dimension] = 0;
            ciphertext[Dimension] = (1u << 30) - LwePhase.Of(ciphertext, key);
            ModulusSwitch.Switch(ciphertext, Log2Modulus, exponents, 0, Log2Tables);
            int index = exponents[Dimension];
            for (int i = 0; i < Dimension; i++)
            {
                Assert.Equal(0, exponents[i] & ((1 << Log2Tables) - 1));
                index -= exponents[i] * key[i];
            }

            double error = ((index & ((1 << Log2Modulus) - 1)) >> Log2Tables) + 0.5 - (1 << (Log2Modulus - 2 - Log2Tables));
            sum += error * error;
        }

        // In units of 1/(2N'/2^θ)².
        Assert.InRange(sum / Count / ((Dimension / 48.0) + (1 / 12.0)), 0.87, 1.13);
    }
}
