using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe.Bootstrapping;

public unsafe class SortedBlindRotationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_constant_coefficient_is_that_of_the_rotation_in_the_big_ring(int log2Extension)
    {
        // Keys of degree 2048 turn tables of 2^ν·2048 entries; the phase of the result must be V[idx], up to the noise.
        ParameterSet p = ParameterCatalog.All.First(s => s.PolynomialSize.Value == 2048 && s.Bootstrap.Levels == 2);
        (ClientKey client, _, ServerKey server) = TestKeys.For(p);
        CmuxShape shape = server.Only.Bootstrap.Shape;
        int n = p.SmallDimension.Value, tableSize = 2048 << log2Extension;
        using var rotation = new SortedBlindRotation(server.Only.Bootstrap, log2Extension);
        using var work = new NativeBuffer((long)shape.WorkDoubles * sizeof(double));
        using var secret = new SecretPolynomials(client.Big, 1, 2048);
        using SecretPolynomials.Multiplier multiplier = secret.CreateMultiplier();
        var random = new System.Random(log2Extension);
        ulong[] table = [.. Enumerable.Range(0, tableSize).Select(_ => (ulong)random.Next(16) << 59)];
        var exponents = new int[n + 1];
        var product = new ulong[2048];
        const int Trials = 3;
        for (int trial = 0; trial < Trials; trial++)
        {
            for (int i = 0; i <= n; i++)
            {
                exponents[i] = random.Next(2 * tableSize);
            }

            ulong* result = rotation.Run(table, exponents, work.Doubles, SimdPaths.Best);
            multiplier.MaskTimesKey(new ReadOnlySpan<ulong>(result, 2048), product);
            ulong phase = result[shape.Stride] - product[0];

            int index = exponents[n];
            for (int i = 0; i < n; i++)
            {
                index -= exponents[i] * client.Small[i];
            }

            index &= (2 * tableSize) - 1;
            ulong expected = index < tableSize ? table[index] : 0 - table[index - tableSize];
            Assert.InRange((long)(phase - expected), -(1L << 56), 1L << 56);
        }

        double mean = n * (Math.Pow(2, log2Extension + 1) + Math.Pow(2, -log2Extension)) / 3;
        Assert.InRange(rotation.Steps / (double)Trials / mean, 0.93, 1.07);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 40)]
    [InlineData(2, 48)]
    [InlineData(3, 63)]
    public void A_plan_takes_the_steps_that_it_counts_on(int log2Extension, int companion)
    {
        // A work space for wider tables than the plan's, as a model's narrow look-ups meet it.
        ParameterSet p = ParameterCatalog.All.First(s => s.PolynomialSize.Value == 2048 && s.Bootstrap.Levels == 2);
        using var key = new FourierBootstrapKey(p);
        using var rotation = new SortedBlindRotation(key, 3);
        using var work = new NativeBuffer((long)key.Shape.WorkDoubles * sizeof(double));
        var random = new System.Random(companion);
        int n = p.SmallDimension.Value;
        var exponents = new int[n + 1];
        const int Trials = 3;
        for (int trial = 0; trial < Trials; trial++)
        {
            uint[] ciphertext = [.. Enumerable.Range(0, n + 1).Select(_ => (uint)random.NextInt64(1L << 32))];
            ModulusSwitch.Switch(ciphertext, 12 + log2Extension, exponents, companion);
            _ = rotation.Run(new ulong[2048 << log2Extension], exponents, work.Doubles, SimdPaths.Best);
        }

        double mean = n * new RotationPlan(log2Extension, companion).StepsPerElement;
        Assert.InRange(rotation.Steps / (double)Trials / mean, 0.93, 1.07);
    }

    [Fact]
    public void An_extension_costs_less_than_the_polynomial_it_replaces()
    {
        // What the modelled cost claims, and why the catalogue holds no classic set above degree 2048.
        var classic = new ParameterSet(new(923), new(1), new(8192), new(15, 2), new(3, 6));
        ParameterSet extended = ParameterCatalog.All.First(s => s.TableSize == 8192);
        Assert.True(extended.Cost < classic.Cost / 2);
        Assert.True(extended.SeededKeyBytes < classic.SeededKeyBytes / 4);
    }
}
