using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe;

/// <summary>Measured variances against the model. Bounds are wide enough that a right implementation fails less than once in 10^6 runs.</summary>
public unsafe class NoiseTests(ITestOutputHelper output)
{
    public static TheoryData<int, int> Sets() => new() { { 512, 1 }, { 1024, 1 }, { 2048, 1 }, { 2048, 2 }, { 4096, 1 }, { 8192, 2 } };

    [Theory]
    [MemberData(nameof(Sets))]
    public void Blind_rotation_adds_what_the_model_says(int size, int levels)
    {
        ParameterSet p = ParameterCatalog.All.FirstOrDefault(s => s.PolynomialSize.Value == size && s.Bootstrap.Levels == levels)
            ?? new ParameterSet(new(900), new(1), new(size), levels == 1 ? new(23, 1) : new(15, 2), new(3, 6));
        (ClientKey client, _, ServerKey server) = TestKeys.For(p);
        CmuxShape shape = server.Bootstrap.Shape;
        int n = p.SmallDimension.Value, k = p.GlweDimension.Value;
        using var accumulator = new NativeBuffer((long)shape.AccumulatorWords * sizeof(ulong));
        using var work = new NativeBuffer((long)shape.WorkDoubles * sizeof(double));
        using var secret = new SecretPolynomials(client.Big, k, size);
        using SecretPolynomials.Multiplier multiplier = secret.CreateMultiplier();
        var random = new System.Random(1);
        var exponents = new int[n + 1];
        var mask = new ulong[k * size];
        var product = new ulong[size];
        double sum = 0;

        // Half of the gadget's rounding error is a sum over the key's mean and so nearly the same for neighbouring coefficients:
        // one rotation gives few independent samples of it, and the key's weight moves the whole by 5 %.
        int repetitions = size <= 1024 ? 120 : size == 2048 ? 30 : 12;
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

            BlindRotation.Run(accumulator.Words64, exponents, 1, server.Bootstrap, work.Doubles, SimdPaths.Best);
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
        output.WriteLine($"{p}: measured 2^{Math.Log2(measured):F2}, model 2^{Math.Log2(model):F2}, ratio {measured / model:F3}, model's transform share {p.SmallDimension.Value * NoiseModel.Fourier(p) / model:F3}");
        Assert.InRange(measured / model, 0.35, 1.4);
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(2048)]
    public void Key_switch_adds_what_the_model_says(int size)
    {
        ParameterSet p = ParameterCatalog.All.First(s => s.PolynomialSize.Value == size);
        (ClientKey client, _, ServerKey server) = TestKeys.For(p);
        const int Count = 600;
        LweBatch input = SeededLweList.Encrypt(client, new ulong[Count]).Expand(p);
        int n = p.SmallDimension.Value;
        using var digits = new NativeBuffer((long)Count * p.BigDimension.Value * p.Keyswitch.Levels * sizeof(int));
        using var target = new NativeBuffer((long)Count * server.KeyswitchStride * sizeof(uint));
        KeyswitchKernel.Switch(input.Words, Count, p.BigDimension.Value, p.Keyswitch.BaseLog, p.Keyswitch.Levels, server.Keyswitch, server.KeyswitchStride, (int*)digits.Words32, n, target.Words32);
        double sum = 0, mean = 0;
        for (int c = 0; c < Count; c++)
        {
            double before = (int)LwePhase.Of(input[c], client.Big) / Math.Pow(2, 32);
            double after = (int)LwePhase.Of(new ReadOnlySpan<uint>(target.Words32 + (c * server.KeyswitchStride), n + 1), client.Small) / Math.Pow(2, 32);
            sum += (after - before) * (after - before);
            mean += after - before;
        }

        double model = NoiseModel.Keyswitch(p);
        output.WriteLine($"{p}: measured/model {sum / Count / model:F3}, mean {mean / Count / Math.Sqrt(model / Count):F2} standard errors");

        // Digits have a mean of −1/2, so a key's noise gives every ciphertext the same error of up to 0.21 σ (one draw a key);
        // the bounds leave five deviations for it.
        Assert.InRange(sum / Count / model, 0.7, 2.2);
        Assert.InRange(mean / Count / Math.Sqrt(model), -1.2, 1.2);
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
