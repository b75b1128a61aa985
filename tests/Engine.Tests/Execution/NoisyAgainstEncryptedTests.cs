using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Execution;

/// <summary>
/// Modelled noise against the noise of real bootstraps. The parameters are such that the index errs by some entries, that the rotation's noise counts after a linear map, and that
/// the error which all ciphertexts of one key share is small (0.05 σ): the keys are one draw of it. Bounds are those of a right model with probability 1 − 10^-6.
/// </summary>
public class NoisyAgainstEncryptedTests(ITestOutputHelper output)
{
    /// <summary>Of a standard normal deviate, for 10^-6 on both sides.</summary>
    private const double Deviations = 4.9;

    /// <summary>
    /// The relative deviation, from key to key, of the variance and of the fraction misread: the modulus switch's variance goes with the small key's weight, n/2 ± √n/2 or 3.4 % here,
    /// and where the index errs by few entries both go by up to 1.5 times that.
    /// </summary>
    private const double KeyDeviation = 0.05;

    private static readonly ParameterSet s_parameters = new(new(845), new(4), new(512), new(23, 1), new(5, 3));

    [Fact]
    public void As_many_entries_are_misread_by_as_much()
    {
        var circuit = new FheCircuit(
            "identity",
            new CircuitInput([64], new UniformQuantizer(1, 0, 5, signed: true, narrow: true), [1], [0]),
            [new LookupStep("read", 0, [Identity(15)], new int[64])],
            new CircuitOutput(1, [64], [1], [0]));
        CompiledModel model = CompiledModel.Create(circuit, new ExecutionMode.Approximate(0.0125), s_parameters);
        long[] real = Encrypted(model, 14), modelled = Modelled(model, 4000);

        double misread = Fraction(modelled), few = Fraction(real), bound = Deviations * Math.Sqrt((misread * (1 - misread) / real.Length) + Math.Pow(misread * KeyDeviation, 2));
        output.WriteLine($"misread: {few:P2} of {real.Length} bootstraps, {misread:P2} modelled");
        Assert.InRange(misread, 0.05, 0.5);
        Assert.InRange(few, misread - bound, misread + bound);
        SameVariance(real, modelled);

        static double Fraction(long[] deviations) => deviations.Count(d => d != 0) / (double)deviations.Length;
    }

    [Fact]
    public void Noise_goes_through_a_linear_map_with_the_ciphertexts_that_rows_share()
    {
        // Rows 2j and 2j + 1 read the same ciphertext j with weight 127 and others with ±10: their errors are correlated.
        var dense = new int[48, 24];
        for (int j = 0; j < 24; j++)
        {
            dense[2 * j, j] = dense[(2 * j) + 1, j] = 127;
            dense[2 * j, (j + 1) % 24] = 10;
            dense[(2 * j) + 1, (j + 1) % 24] = -10;
        }

        var circuit = new FheCircuit(
            "shared",
            new CircuitInput([24], new UniformQuantizer(1, 0, 2, signed: true, narrow: true), [1], [0]),
            [
                new LookupStep("levels", 0, [Identity(1)], new int[24]),
                new LinearStep("pairs", [new LinearTerm(1, SparseMatrix.FromDense(dense))], new long[48]),
                new LookupStep("read", 2, [Identity(137)], new int[48]),
            ],
            new CircuitOutput(3, [48], [1], [0]));
        CompiledModel model = CompiledModel.Create(circuit, new ExecutionMode.Approximate(0.0125), s_parameters);
        long[] real = Encrypted(model, 14), modelled = Modelled(model, 4000);
        SameVariance(real, modelled);

        double expected = PairCorrelation(modelled), measured = PairCorrelation(real), bound = Deviations * (1 - (expected * expected)) / Math.Sqrt(real.Length / 2.0);
        output.WriteLine($"correlation of rows that share a ciphertext: {measured:F3}, {expected:F3} modelled");
        Assert.True(expected > 0.15, "shared noise must show");
        Assert.InRange(measured, expected - bound, expected + bound);
    }

    [Fact]
    public void Look_ups_by_different_sets_err_as_modelled()
    {
        // The second look-up switches from the first one's big key, of another N, and errs by its own modulus switch.
        var dense = new int[48, 24];
        for (int r = 0; r < 48; r++)
        {
            dense[r, r / 2] = 127;
            dense[r, (r + 5) % 24] += 10;
        }

        var circuit = new FheCircuit(
            "sets",
            new CircuitInput([24], new UniformQuantizer(1, 0, 2, signed: true, narrow: true), [1], [0]),
            [
                new LookupStep("levels", 0, [Identity(1)], new int[24]),
                new LinearStep("pairs", [new LinearTerm(1, SparseMatrix.FromDense(dense))], new long[48]),
                new LookupStep("read", 2, [Identity(137)], new int[48]),
            ],
            new CircuitOutput(3, [48], [1], [0]));
        ParameterSet finer = new(new(845), new(2), new(1024), new(23, 1), new(5, 3));
        CompiledModel model = CompiledModel.Create(circuit, new ExecutionMode.Approximate(0.0125), new ParameterPlan(circuit, [s_parameters, finer]));
        long[] real = Encrypted(model, 8), modelled = Modelled(model, 4000);
        SameVariance(real, modelled);

        long[] coarse = Modelled(CompiledModel.Create(circuit, new ExecutionMode.Approximate(0.0125), s_parameters), 400);
        Assert.True(Variance(coarse) > 1.5 * Variance(modelled), "the set of the second look-up must show");
    }

    [Fact]
    public void A_value_that_left_its_declared_range_wraps_as_encrypted_ones_do()
    {
        var circuit = new FheCircuit(
            "wrap",
            new CircuitInput([15], new UniformQuantizer(1, 0, 4, signed: true, narrow: true), [1], [0]),
            [
                new LinearStep("times 4", [new LinearTerm(0, Diagonal(15, 4))], new long[15], Enumerable.Repeat(new ValueRange(-10, 10), 15).ToArray()),
                new LookupStep("read", 1, [Identity(10)], new int[15]),
            ],
            new CircuitOutput(2, [15], [1], [0]));
        CompiledModel model = CompiledModel.Create(circuit, new ExecutionMode.Exact());
        int[] input = [.. Enumerable.Range(-7, 15)];
        (ClientKey client, _, ServerKey server) = TestKeys.For(model.Parameters);
        var cryptor = new ModelCryptor(model, client);
        using var executor = new EncryptedExecutor(model, server, 2);
        SimulationResult noisy = new NoisyExecutor(model).Evaluate([input], 1, TestContext.Current.CancellationToken);
        long[] clear = new ClearExecutor(circuit).Run(input);
        Assert.Equal(cryptor.Decrypt(executor.Run(cryptor.Encrypt(input).Expand(model.Parameters))), noisy.Outputs[0]);
        Assert.Equal(10, noisy.Overflows[1]);
        Assert.Equal(clear[5..10], noisy.Outputs[0][5..10]);
        Assert.NotEqual(clear, noisy.Outputs[0]);
    }

    /// <summary>The variances about the mean agree: s²/σ² has variance (κ − 1)/n. The kurtosis κ is 3 of a Gaussian, but 7 where the index errs by an entry at most and mostly not at all.</summary>
    private void SameVariance(long[] real, long[] modelled)
    {
        double kurtosis = modelled.Average(x => Math.Pow(x, 4)) / Math.Pow(modelled.Average(x => Math.Pow(x, 2)), 2);
        double ratio = Variance(real) / Variance(modelled), bound = Deviations * Math.Sqrt(((kurtosis - 1) / real.Length) + (KeyDeviation * KeyDeviation));
        double mean = real.Average(x => (double)x), error = Math.Sqrt(Variance(modelled));
        output.WriteLine($"variance ratio {ratio:F3} of {real.Length} bootstraps (bound ±{bound:F3}), mean {mean / error:F3} σ");
        Assert.InRange(ratio, 1 - bound, 1 + bound);

        // One draw of the key's bias, 0.054 σ, and the mean of n errors.
        double meanBound = Deviations * Math.Sqrt((0.054 * 0.054) + (1.0 / real.Length));
        Assert.InRange(mean / error, -meanBound, meanBound);
    }

    private static double Variance(long[] x)
    {
        double mean = x.Average(v => (double)v);
        return x.Sum(v => (v - mean) * (v - mean)) / (x.Length - 1);
    }

    private static double PairCorrelation(long[] x)
    {
        double mean = x.Average(v => (double)v);
        return Enumerable.Range(0, x.Length / 2).Average(j => (x[2 * j] - mean) * (x[(2 * j) + 1] - mean)) / Variance(x);
    }

    private static long[] Encrypted(CompiledModel model, int runs)
    {
        (ClientKey client, _, ServerKey server) = TestKeys.For(model.Parameters);
        var cryptor = new ModelCryptor(model, client);
        using var executor = new EncryptedExecutor(model, server, 2);
        int[][] inputs = Inputs(model, runs);
        return Deviation(model, inputs, [.. inputs.Select(i => cryptor.Decrypt(executor.Run(model.Expand(cryptor.Encrypt(i)))))]);
    }

    private static long[] Modelled(CompiledModel model, int runs)
    {
        int[][] inputs = Inputs(model, runs);
        return Deviation(model, inputs, new NoisyExecutor(model).Evaluate(inputs, 1, CancellationToken.None).Outputs);
    }

    private static long[] Deviation(CompiledModel model, int[][] inputs, long[][] outputs)
    {
        long[][] clear = new ClearExecutor(model.Circuit).RunBatch(inputs);
        return [.. outputs.Zip(clear).SelectMany(pair => pair.First.Zip(pair.Second, (a, b) => a - b))];
    }

    /// <summary>Seeded inputs away from the ends of the range, where deviations would be cut off.</summary>
    private static int[][] Inputs(CompiledModel model, int runs)
    {
        var random = new System.Random(runs);
        int end = model.Circuit.Input.Quantizer.QMax > 3 ? model.Circuit.Input.Quantizer.QMax - 3 : 0;
        return [.. Enumerable.Range(0, runs).Select(_ => Enumerable.Range(0, model.Circuit.Input.Length).Select(_ => random.Next(-end, end + 1)).ToArray())];
    }

    private static LookupTable Identity(int half) => new(-half, [.. Enumerable.Range(-half, (2 * half) + 1)]);

    private static SparseMatrix Diagonal(int size, int weight)
    {
        var dense = new int[size, size];
        for (int i = 0; i < size; i++)
        {
            dense[i, i] = weight;
        }

        return SparseMatrix.FromDense(dense);
    }
}
