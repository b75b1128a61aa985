using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;
using BlindGrain.Engine.Tests.Execution.Simulation;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Execution;

public class NoisyExecutorTests
{
    private static readonly ParameterSet s_noisy = new(new(845), new(4), new(512), new(23, 1), new(5, 3));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(11)]
    public void Exact_mode_gives_the_clear_integers(int seed)
    {
        FheCircuit circuit = RandomCircuits.Create(seed);
        CompiledModel model = CompiledModel.Create(circuit, new ExecutionMode.Exact());
        int[][] inputs = Inputs(circuit, 200);
        SimulationResult noisy = new NoisyExecutor(model).Evaluate(inputs, 1, TestContext.Current.CancellationToken);
        Assert.Equal(new ClearExecutor(circuit).RunBatch(inputs), noisy.Outputs);
        Assert.All(noisy.Noise.OfType<LookupNoise>(), n => Assert.True(n is { Misread: 0, Wrong: 0, Wrapped: 0, SumOfSquares: > 0 }));
    }

    [Fact]
    public void A_seed_repeats_its_noise_sample_by_sample()
    {
        FheCircuit circuit = RandomCircuits.Create(13);
        var executor = new NoisyExecutor(CompiledModel.Create(circuit, new ExecutionMode.Approximate(0.02)));
        int[][] inputs = Inputs(circuit, 100);
        long[][] outputs = executor.Evaluate(inputs, 5, TestContext.Current.CancellationToken).Outputs;
        Assert.Equal(outputs, executor.Evaluate(inputs, 5, TestContext.Current.CancellationToken).Outputs);
        Assert.Equal(outputs[..37], executor.Evaluate(inputs[..37], 5, TestContext.Current.CancellationToken).Outputs);
        Assert.NotEqual(outputs, executor.Evaluate(inputs, 6, TestContext.Current.CancellationToken).Outputs);
    }

    [Fact]
    public void Errors_add_up_as_the_ciphertexts_do()
    {
        // Of refreshed x: one ciphertext 200 times, four 100 times, and what cancels out. All but the switches' error is 200² V, 4·100² V and 0.
        var matrix = SparseMatrix.FromDense(new[,] { { 200, 0, 0, 0 }, { 100, 100, 100, 100 } });
        var back = SparseMatrix.FromDense(new[,] { { 1, 0 }, { 0, 1 } });
        var cancel = SparseMatrix.FromDense(new[,] { { -200, 0, 0, 0 }, { 0, 0, 0, 0 } });
        CircuitStep[] steps =
        [
            new LookupStep("levels", 0, [new LookupTable(-2, [-1, -1, 0, 1])], new int[4]),
            new LinearStep("scaled", [new LinearTerm(1, matrix)], [0, 0]),
            new LinearStep("cancelled", [new LinearTerm(2, back), new LinearTerm(1, cancel)], [0, 0]),
            new LookupStep("read scaled", 2, [Identity(400)], [0, 0]),
            new LookupStep("read cancelled", 3, [Identity(800)], [0, 0]),
        ];
        var circuit = new FheCircuit("sums", new CircuitInput([4], new UniformQuantizer(1, 0, 2, signed: true, narrow: false), [1], [0]), steps, new CircuitOutput(5, [2], [1], [0]));
        CompiledModel model = CompiledModel.Create(circuit, new ExecutionMode.Approximate(0.03), s_noisy);
        SimulationResult result = new NoisyExecutor(model).Evaluate(Inputs(circuit, 40_000), 3, TestContext.Current.CancellationToken);

        double switching = 4 * (NoiseModel.Keyswitch(s_noisy) + NoiseModel.ModulusSwitch(s_noisy)), refreshed = 4 * (NoiseModel.BlindRotation(s_noisy) + NoiseModel.Rounding32(s_noisy));
        (int Step, double Expected)[] variances = [(0, switching), (3, switching + (40_000 * refreshed)), (4, switching + (20_000 * refreshed))];
        Assert.True(40_000 * refreshed > switching / 2, "the rotation's noise must count");
        foreach ((int step, double expected) in variances)
        {
            // 80 000 errors and more: five standard errors of a variance are 2.5 %. The errors of one sample share their key's bias, 0.3 % of the variance.
            LookupNoise noise = result.Noise[step]!;
            Assert.InRange(noise.SumOfSquares / noise.Count / expected, 0.97, 1.03);
            Assert.InRange(noise.Mean, -6 * Math.Sqrt(expected / 40_000), 6 * Math.Sqrt(expected / 40_000));
        }
    }

    [Fact]
    public void Look_ups_of_one_ciphertext_share_their_index()
    {
        // Key and modulus switch depend on the ciphertext, not on the table: two identities always agree, however noisy.
        LookupTable identity = Identity(15);
        var difference = new LinearTerm(1, SparseMatrix.FromDense(new[,] { { 1, 0 }, { 0, 1 } }));
        var circuit = new FheCircuit(
            "twice",
            new CircuitInput([2], new UniformQuantizer(1, 0, 5, signed: true, narrow: true), [1], [0]),
            [
                new LookupStep("one", 0, [identity], [0, 0]),
                new LookupStep("two", 0, [identity], [0, 0]),
                new LinearStep("difference", [difference, new LinearTerm(2, SparseMatrix.FromDense(new[,] { { -1, 0 }, { 0, -1 } }))], [0, 0]),
            ],
            new CircuitOutput(3, [2], [1], [0]));
        CompiledModel model = CompiledModel.Create(circuit, new ExecutionMode.Approximate(0.0125), s_noisy);
        SimulationResult result = new NoisyExecutor(model).Evaluate(Inputs(circuit, 2000), 3, TestContext.Current.CancellationToken);
        Assert.True(result.Noise[0]!.Misread > 50, $"only {result.Noise[0]!.Misread} misread");
        Assert.All(result.Outputs, y => Assert.Equal([0, 0], y));
    }

    private static LookupTable Identity(int half) => new(-half, [.. Enumerable.Range(-half, (2 * half) + 1)]);

    private static int[][] Inputs(FheCircuit circuit, int count)
    {
        var random = new System.Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => RandomCircuits.Input(random, circuit))];
    }
}
