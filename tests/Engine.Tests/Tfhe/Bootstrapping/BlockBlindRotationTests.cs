using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe.Bootstrapping;

public unsafe class BlockBlindRotationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(512)]
    [InlineData(2048)]
    [InlineData(4096)]
    public void Multiplying_by_the_table_multiplies_by_the_monomial(int size)
    {
        var plan = FourierPlan.For(size);
        var table = MonomialTable.For(size, SimdPath.Portable);
        using var data = new NativeBuffer((long)size * sizeof(double));
        foreach (int exponent in new[] { 0, 1, 2, 63, 64, 65, size / 2, size - 1, size, size + 17, (2 * size) - 1 })
        {
            // X^a, folded: coefficient t in the real part for t < N/2, in the imaginary part beyond; X^N = −1.
            new Span<double>(data.Doubles, size).Clear();
            int at = exponent % size, point = at % (size / 2);
            data.Doubles[(point / 8 * 16) + (point % 8) + (at < size / 2 ? 0 : 8)] = exponent < size ? 1 : -1;
            FourierTransform.Forward(data.Doubles, plan, SimdPath.Portable);
            for (int b = 0; b < plan.Blocks; b++)
            {
                double er = table.Block(exponent, b)[0], ei = table.Block(exponent, b)[1];
                for (int j = 0; j < 64; j++)
                {
                    int slot = (j / 8 * 16) + (j % 8);
                    double pr = table.Lanes(exponent)[slot], pi = table.Lanes(exponent)[slot + 8];
                    Assert.Equal(data.Doubles[(128 * b) + slot], (er * pr) - (ei * pi), 1e-12);
                    Assert.Equal(data.Doubles[(128 * b) + slot + 8], (er * pi) + (ei * pr), 1e-12);
                }
            }
        }
    }

    public static TheoryData<int, int, string> SetsAndPaths()
    {
        var data = new TheoryData<int, int, string>();
        foreach (SimdPath path in SimdPaths.Supported)
        {
            data.Add(3, 2048, path.ToString());
        }

        data.Add(2, 2048, nameof(SimdPath.Portable));
        data.Add(4, 1024, nameof(SimdPath.Portable));
        data.Add(3, 1024, nameof(SimdPath.Portable));
        return data;
    }

    [Theory]
    [MemberData(nameof(SetsAndPaths))]
    public void Every_message_goes_through_the_table(int length, int size, string path)
    {
        ParameterSet p = ParameterCatalog.For(KeyDistribution.BlockBinary(length)).First(s => s.PolynomialSize.Value == size && NoiseModel.Log2PError(Math.Pow(2, -5), NoiseModel.AtLookup(s, 1)) < -40);
        ClientKey client = TestKeys.For(p).Client;
        SimdPath chosen = Enum.Parse<SimdPath>(path);
        using ServerKey server = TestKeys.Expand(p, chosen);
        const int Bits = 3;
        const int Messages = 1 << Bits;
        ulong delta = 1UL << (63 - Bits);
        LweBatch input = SeededLweList.Encrypt(client, [.. Enumerable.Range(0, Messages).Select(m => (ulong)m * delta)]).Expand(p);
        ulong[] table = [.. Enumerable.Range(0, size).Select(j => (ulong)(((5 * (j * Messages / size)) + 3) % Messages) * delta)];
        var result = new LweBatch(p.BigDimension, Messages);
        using var bootstrapper = new Bootstrapper(server.Only, chosen);
        bootstrapper.Bootstrap(input, Enumerable.Repeat((uint)(delta >> 33), Messages).ToArray(), Enumerable.Repeat(table, Messages).ToArray(), result);
        for (int m = 0; m < Messages; m++)
        {
            ulong phase = (ulong)LwePhase.Of(result[m], client.Big) << 32;
            Assert.Equal(((5 * m) + 3) % Messages, (int)((phase + (delta / 2)) / delta) % (2 * Messages));
        }
    }

    [Theory]
    [InlineData(2, 1024)]
    [InlineData(3, 2048)]
    [InlineData(4, 512)]
    public void The_rotation_adds_what_the_model_says(int length, int size)
    {
        ParameterSet p = Set(length, size);
        (ClientKey client, _, ServerKey server) = TestKeys.For(p);
        CmuxShape shape = server.Only.Bootstrap.Shape;
        int n = p.SmallDimension.Value, k = p.GlweDimension.Value;
        using var accumulator = new NativeBuffer((long)shape.AccumulatorWords * sizeof(ulong));
        using var work = new NativeBuffer((long)shape.WorkDoubles * sizeof(double));
        using var secret = new SecretPolynomials(client.Big, k, size);
        using SecretPolynomials.Multiplier multiplier = secret.CreateMultiplier();
        var random = new System.Random(length);
        var exponents = new int[n + 1];
        var mask = new ulong[k * size];
        var product = new ulong[size];
        double sum = 0;
        int repetitions = size <= 1024 ? 120 : 40;
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            for (int i = 0; i <= n; i++)
            {
                exponents[i] = random.Next(2 * size);
            }

            // A noiseless encryption of zero under a random mask: whatever the rotation, the phase of the result is its noise.
            for (int t = 0; t < mask.Length; t++)
            {
                mask[t] = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            }

            multiplier.MaskTimesKey(mask, product);
            for (int u = 0; u <= k; u++)
            {
                Span<ulong> polynomial = u < k ? mask.AsSpan(u * size, size) : product;
                polynomial.CopyTo(new Span<ulong>(accumulator.Words64 + (u * shape.Stride), size));
            }

            BlockBlindRotation.Run(accumulator.Words64, exponents, 1, server.Only.Bootstrap, length, work.Doubles, SimdPaths.Best);
            for (int u = 0; u < k; u++)
            {
                new Span<ulong>(accumulator.Words64 + (u * shape.Stride), size).CopyTo(mask.AsSpan(u * size));
            }

            multiplier.MaskTimesKey(mask, product);
            for (int t = 0; t < size; t++)
            {
                double error = (long)(accumulator.Words64[(k * shape.Stride) + t] - product[t]) / Math.Pow(2, 64);
                sum += error * error;
            }
        }

        double measured = sum / ((double)repetitions * size), model = NoiseModel.BlindRotation(p);
        output.WriteLine($"{p}: measured 2^{Math.Log2(measured):F2}, model 2^{Math.Log2(model):F2}, ratio {measured / model:F3}, model's transform share {2 * n * NoiseModel.Fourier(p) / model:F3}");
        Assert.InRange(measured / model, 0.35, 1.4);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_modulus_switch_takes_the_mean_of_block_keys_off(int length)
    {
        const int Dimension = 840, Log2Modulus = 12, Count = 3000;
        var random = new System.Random(length);
        var key = new byte[Dimension];
        var ciphertext = new uint[Dimension + 1];
        var exponents = new int[Dimension + 1];
        double sum = 0;
        for (int c = 0; c < Count; c++)
        {
            Array.Clear(key);
            for (int first = 0; first < Dimension; first += length)
            {
                int choice = random.Next(length + 1);
                if (choice < length)
                {
                    key[first + choice] = 1;
                }
            }

            for (int i = 0; i < Dimension; i++)
            {
                ciphertext[i] = (uint)random.NextInt64(1L << 32);
            }

            ciphertext[Dimension] = 0;
            ciphertext[Dimension] = (1u << 30) - LwePhase.Of(ciphertext, key);
            ModulusSwitch.Switch(ciphertext, Log2Modulus, exponents, blockLength: length);
            int index = exponents[Dimension];
            for (int i = 0; i < Dimension; i++)
            {
                index -= exponents[i] * key[i];
            }

            double error = (index & ((1 << Log2Modulus) - 1)) + 0.5 - (1 << (Log2Modulus - 2));
            sum += error * error;
        }

        ParameterSet p = Set(length, 2048);
        double model = NoiseModel.ModulusSwitch(p) * Math.Pow(2, 2 * Log2Modulus) / p.SmallDimension.Value * Dimension;
        Assert.InRange(sum / Count / (model + (1 / 12.0)), 0.87, 1.13);
    }

    private static ParameterSet Set(int length, int size) => ParameterCatalog.For(KeyDistribution.BlockBinary(length)).First(p => p.PolynomialSize.Value == size);
}
