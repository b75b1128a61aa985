using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Execution;

public class EncryptedExecutionTests
{
    [Fact]
    public void Exact_mode_agrees_with_clear_integers_value_for_value()
    {
        FheCircuit circuit = Circuit(new System.Random(3));
        CompiledModel model = CompiledModel.Create(circuit, new ExecutionMode.Exact());
        (ClientKey client, _, ServerKey server) = TestKeys.For(model.Parameters);
        var cryptor = new ModelCryptor(model, client);
        var clear = new ClearExecutor(circuit);
        using var executor = new EncryptedExecutor(model, server, 2);
        var random = new System.Random(4);
        for (int sample = 0; sample < 6; sample++)
        {
            int[] input = [.. Enumerable.Range(0, circuit.Input.Length).Select(_ => random.Next(-3, 4))];
            LweBatch result = executor.Run(SeededLweList.Parse(cryptor.Encrypt(input).ToBytes()).Expand(model.Parameters));
            Assert.Equal(clear.Run(input), cryptor.Decrypt(result));
        }
    }

    [Fact]
    public void A_slice_gives_the_same_ciphertexts_as_the_whole_step()
    {
        FheCircuit circuit = Circuit(new System.Random(3));
        CompiledModel model = CompiledModel.Create(circuit, new ExecutionMode.Exact());
        (ClientKey client, _, ServerKey server) = TestKeys.For(model.Parameters);
        LweBatch input = new ModelCryptor(model, client).Encrypt([1, -2, 3, 0]).Expand(model.Parameters);
        LweBatch linear = LinearEvaluator.Apply(model, 0, [input]);
        using var evaluator = new LookupEvaluator(server);
        LweBatch whole = evaluator.Apply(model, 1, 0, linear);
        LweBatch part = evaluator.Apply(model, 1, 2, linear.Slice(2, 3));
        Assert.Equal(whole.Slice(2, 3).Data, part.Data);
    }

    [Fact]
    public void Runs_of_different_steps_models_and_inputs_computed_together_are_those_computed_alone()
    {
        ParameterSet set = CompiledModel.Create(Circuit(new System.Random(3)), new ExecutionMode.Exact()).Parameters.Sets[0];
        CompiledModel[] models = [.. new[] { 3, 5 }.Select(seed => CompiledModel.Create(Circuit(new System.Random(seed)), new ExecutionMode.Exact(), set))];
        (ClientKey client, _, ServerKey server) = TestKeys.For(models[0].Parameters);
        LweBatch[] linear = [.. models.Select((m, i) => LinearEvaluator.Apply(m, 0, [new ModelCryptor(m, client).Encrypt([1, -2, 3, i]).Expand(m.Parameters)]))];
        LookupRun[] runs =
        [
            new(models[0], 1, 0, linear[0].Slice(0, 5)),
            new(models[1], 1, 0, linear[1]),
            new(models[0], 1, 5, linear[0].Slice(5, 1)),
            new(models[0], 3, 1, linear[0].Slice(1, 3)),
        ];
        var pass = LookupPass.Of(models[0], 1);
        Assert.All(runs, r => Assert.Equal(pass, LookupPass.Of(r.Model, r.Step)));
        using var evaluator = new LookupEvaluator(server);
        LweBatch[] together = evaluator.Apply(runs);
        Assert.Equal(runs.Select(r => evaluator.Apply(r.Model, r.Step, r.FirstRotation, r.Ciphertexts).Data), together.Select(t => t.Data));
        _ = Assert.Throws<ArgumentException>(() => evaluator.Apply([runs[0], new LookupRun(models[0], 1, 6, linear[0])]));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => evaluator.Apply([]));
    }

    [Fact]
    public void A_slice_that_does_not_fit_is_refused()
    {
        CompiledModel model = CompiledModel.Create(Circuit(new System.Random(3)), new ExecutionMode.Exact());
        ServerKey server = TestKeys.For(model.Parameters).Server;
        using var evaluator = new LookupEvaluator(server);
        var batch = new LweBatch(model.DimensionOf(0), 2);
        _ = Assert.Throws<ArgumentException>(() => evaluator.Apply(model, 0, 0, batch));
        _ = Assert.Throws<ArgumentException>(() => evaluator.Apply(model, 1, 5, batch));
        _ = Assert.Throws<ArgumentException>(() => evaluator.Apply(model, 1, -1, batch));
        _ = Assert.Throws<ArgumentException>(() => evaluator.Apply(model, 1, 0, new LweBatch(new(700), 2)));
    }

    [Fact]
    public void The_index_error_of_approximate_mode_has_the_modelled_deviation()
    {
        // A look-up of the identity over a wide range: what it returns is the index it read.
        const int Range = 200;
        var identity = new LookupTable(-Range / 2, [.. Enumerable.Range(-Range / 2, Range)]);
        var input = new CircuitInput([64], new UniformQuantizer(1, 0, 8, signed: true, narrow: false), [1], [0]);
        var clamp = new LookupTable(-128, [.. Enumerable.Range(-128, 256).Select(v => Math.Clamp(v, -Range / 2, (Range / 2) - 1))]);
        int[] one = new int[64];
        var circuit = new FheCircuit(
            "identity",
            input,
            [new LookupStep("clamp", 0, [clamp], one), new LookupStep("read", 1, [identity], one)],
            new CircuitOutput(2, [64], [1], [0]));
        CompiledModel model = CompiledModel.Create(circuit, new ExecutionMode.Approximate(0.01));
        Assert.InRange(model.Sigma(1), 0.005, 0.01);
        (ClientKey client, _, ServerKey server) = TestKeys.For(model.Parameters);
        var cryptor = new ModelCryptor(model, client);
        using var executor = new EncryptedExecutor(model, server, 2);
        double squares = 0;
        int count = 0;
        for (int run = 0; run < 8; run++)
        {
            int[] values = [.. Enumerable.Range(0, 64).Select(i => i + run - 36)];
            long[] result = cryptor.Decrypt(executor.Run(cryptor.Encrypt(values).Expand(model.Parameters)));
            for (int i = 0; i < values.Length; i++)
            {
                squares += Math.Pow(result[i] - values[i], 2);
                count++;
            }
        }

        // Two look-ups err one after the other, each by σ of its half torus in units of its own Δ.
        double modelled = 0;
        foreach (int step in new[] { 0, 1 })
        {
            double deviation = model.Sigma(step) * Math.Pow(2, 63) / model.Encoding.Delta(step);
            modelled += (deviation * deviation) + (1 / 12.0);
        }

        Assert.InRange(squares / count / modelled, 0.6, 1.4);
    }

    [Fact]
    public void A_model_survives_its_file()
    {
        CompiledModel model = CompiledModel.Create(Circuit(new System.Random(3)), new ExecutionMode.Approximate(0.01));
        using var stream = new MemoryStream();
        model.Write(stream);
        stream.Position = 0;
        CompiledModel read = CompiledModel.Read(stream);
        Assert.Equal(model.Parameters, read.Parameters);
        Assert.Equal(model.Mode, read.Mode);
        Assert.Equal(new ClearExecutor(model.Circuit).Run([1, 2, 3, -3]), new ClearExecutor(read.Circuit).Run([1, 2, 3, -3]));
        byte[] damaged = stream.ToArray();
        damaged[damaged.Length / 2] ^= 1;
        _ = Assert.Throws<FormatException>(() => CompiledModel.Read(new MemoryStream(damaged)));
    }

    [Fact]
    public void A_circuit_too_wide_for_the_catalogue_is_refused_by_name()
    {
        var wide = new LookupTable(-32768, new int[65536]);
        var circuit = new FheCircuit(
            "wide",
            new CircuitInput([1], new UniformQuantizer(1, 0, 16, signed: true, narrow: false), [1], [0]),
            [new LookupStep("too wide", 0, [wide], [0])],
            new CircuitOutput(1, [1], [1], [0]));
        ArgumentException e = Assert.Throws<ArgumentException>(() => CompiledModel.Create(circuit, new ExecutionMode.Exact()));
        Assert.Contains("'too wide'", e.Message, StringComparison.Ordinal);
        Assert.Contains("16 bits", e.Message, StringComparison.Ordinal);
    }

    /// <summary>4 inputs of 3 bits, 6 hidden look-ups with a table each, 5 more, 3 outputs; a residual term joins the second layer.</summary>
    private static FheCircuit Circuit(System.Random random)
    {
        var first = new LinearStep("linear 1", [new LinearTerm(0, Matrix(random, 6, 4))], [1, -1, 0, 2, 0, -2]);
        var step1 = new LookupStep("table 1", 1, [.. Enumerable.Range(0, 6).Select(c => Table(random, 40))], [0, 1, 2, 3, 4, 5]);
        var second = new LinearStep("linear 2", [new LinearTerm(2, Matrix(random, 5, 6))], [0, 1, 0, -1, 0]);
        var step2 = new LookupStep("table 2", 3, [Table(random, 60), Table(random, 60)], [0, 1, 0, 1, 0]);
        var third = new LinearStep("linear 3", [new LinearTerm(4, Matrix(random, 3, 5)), new LinearTerm(2, Matrix(random, 3, 6))], [3, 0, -3]);
        return new FheCircuit(
            "test",
            new CircuitInput([4], new UniformQuantizer(1, 0, 3, signed: true, narrow: true), [1], [0]),
            [first, step1, second, step2, third],
            new CircuitOutput(5, [3], [1], [0]));
    }

    private static SparseMatrix Matrix(System.Random random, int rows, int columns)
    {
        var dense = new int[rows, columns];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                dense[r, c] = random.Next(-1, 2);
            }

            dense[r, random.Next(columns)] = 1;
        }

        return SparseMatrix.FromDense(dense);
    }

    private static LookupTable Table(System.Random random, int half) =>
        new(-half, [.. Enumerable.Range(0, (2 * half) + 1).Select(_ => random.Next(-1, 2))]);
}
