using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Execution;

public class ParameterPlanTests(ITestOutputHelper output)
{
    private static readonly ParameterOptimizer s_oneSet = new(CostModel.Reference, threads: 1, maxSets: 1);
    private static readonly ParameterSet s_small = ParameterCatalog.All.First(p => p.PolynomialSize.Value == 1024);
    private static readonly ParameterSet s_wide = ParameterCatalog.All.First(p => p.Log2Extension == 2);

    [Fact]
    public void A_wide_look_up_and_narrow_ones_take_sets_of_their_own_and_every_value_comes_out_right()
    {
        FheCircuit circuit = MixedCircuit.Create();
        CompiledModel model = CompiledModel.Create(circuit, new ExecutionMode.Exact()), one = CompiledModel.Create(circuit, new ExecutionMode.Exact(), s_oneSet);
        double several = model.Milliseconds(CostModel.Reference, threads: 1), alone = one.Milliseconds(CostModel.Reference, threads: 1);
        output.WriteLine($"{several:F0} ms by {model.Parameters.Id}, {alone:F0} ms by {one.Parameters.Id}");
        Assert.InRange(model.Parameters.Sets.Count, 2, ParameterSuite.MaxSets);
        Assert.InRange(model.Parameters.BigKeys.Count, 2, ParameterSuite.MaxSets);
        _ = Assert.Single(one.Parameters.Sets);
        Assert.True(several < (1 - ParameterOptimizer.WorthwhileShare) * alone);
        Assert.True(model.ParameterPlan[1].TableSize > model.ParameterPlan[3].TableSize);
        foreach (int step in new[] { 1, 3, 5 })
        {
            Assert.InRange(model.Log2PError(step), double.MinValue, -40);
        }

        // Only what the model's look-ups need is expanded.
        ClientKey client = ClientKey.Generate(model.Parameters);
        using var server = ServerKey.Expand(client.CreateEvaluationKey(TestContext.Current.CancellationToken), model.ParameterPlan.Needs, 2);
        Assert.True(model.ParameterPlan.Needs.Kinds.Count < model.Parameters.Sets.Count * model.Parameters.BigKeys.Count);
        var cryptor = new ModelCryptor(model, client);
        var clear = new ClearExecutor(circuit);
        using var executor = new EncryptedExecutor(model, server, 2);
        for (int value = circuit.Input.Quantizer.QMin; value <= circuit.Input.Quantizer.QMax; value++)
        {
            LweBatch result = executor.Run(model.Expand(SeededLweList.Parse(cryptor.Encrypt([value]).ToBytes())));
            Assert.Equal(model.DimensionOf(circuit.Output.Value), result.Dimension);
            Assert.Equal(clear.Run([value]), cryptor.Decrypt(result));
        }
    }

    [Fact]
    public void A_key_for_more_sets_serves_a_model_and_one_for_fewer_is_refused()
    {
        FheCircuit circuit = MixedCircuit.Create();
        CompiledModel model = CompiledModel.Create(circuit, new ExecutionMode.Exact(-5), s_wide);
        (ClientKey client, EvaluationKey evaluation, ServerKey server) = TestKeys.For(new ParameterSuite(s_small, s_wide));
        var cryptor = new ModelCryptor(model, client);
        long[] expected = new ClearExecutor(circuit).Run([11]);
        LweBatch input = model.Expand(cryptor.Encrypt([11]));
        using (var executor = new EncryptedExecutor(model, server, 2))
        {
            Assert.Equal(expected, cryptor.Decrypt(executor.Run(input)));
        }

        using ServerKey part = ServerKey.Expand(evaluation, model.ParameterPlan.Needs, 2);
        Assert.InRange(part.ByteSize, model.ParameterPlan.Needs.ExpandedBytes, server.ByteSize / 1.5);
        using (var executor = new EncryptedExecutor(model, part, 2))
        {
            Assert.Equal(expected, cryptor.Decrypt(executor.Run(input)));
        }

        (ClientKey few, EvaluationKey fewer, ServerKey least) = TestKeys.For(s_small);
        _ = Assert.Throws<ArgumentException>(() => new ModelCryptor(model, few));
        _ = Assert.Throws<ArgumentException>(() => ServerKey.Expand(fewer, model.ParameterPlan.Needs, 1));
        using var evaluator = new LookupEvaluator(least);
        _ = Assert.Throws<ArgumentException>(() => evaluator.Apply(model, 1, 0, new LweBatch(model.DimensionOf(1), 1)));
    }

    [Fact]
    public void Look_ups_whose_results_are_added_share_a_big_key()
    {
        // The wide look-up's result is added to a narrow one's: only sets of one k and N can be mixed there.
        var table = new LookupTable(-32, [.. Enumerable.Range(-32, 64).Select(v => v / 16)]);
        var sum = new LinearTerm(1, Diagonal(4));
        var circuit = new FheCircuit(
            "residual",
            new CircuitInput([4], new UniformQuantizer(1, 0, 6, signed: true, narrow: false), [1], [0]),
            [
                new LookupStep("wide", 0, [table], new int[4]),
                new LookupStep("narrow", 1, [new LookupTable(-2, [1, 0, 0, 1, 1])], new int[4]),
                new LinearStep("sum", [sum, new LinearTerm(2, Diagonal(4))], new long[4]),
                new LookupStep("last", 3, [new LookupTable(-4, [.. Enumerable.Range(-4, 9)])], new int[4]),
            ],
            new CircuitOutput(4, [4], [1], [0]));
        ArgumentException e = Assert.Throws<ArgumentException>(() => new ParameterPlan(circuit, [s_wide, s_small, s_small]));
        Assert.Contains("'wide' and 'narrow'", e.Message, StringComparison.Ordinal);
        var plan = new ParameterPlan(circuit, [s_wide, s_wide, s_small]);
        Assert.Equal(s_wide.Glwe, plan.BigKeyOf(0));
        Assert.Equal(s_wide.Glwe, plan.BigKeyOf(3));
        Assert.Equal(s_small.Glwe, plan.BigKeyOf(4));
        CompiledModel chosen = CompiledModel.Create(circuit, new ExecutionMode.Exact());
        Assert.Equal(chosen.DimensionOf(1), chosen.DimensionOf(2));
    }

    [Fact]
    public void Look_ups_of_equal_precision_take_one_set()
    {
        int[] one = new int[8];
        var table = new LookupTable(-4, [.. Enumerable.Range(-4, 8).Select(v => -v - 1)]);
        var circuit = new FheCircuit(
            "equal",
            new CircuitInput([8], new UniformQuantizer(1, 0, 3, signed: true, narrow: false), [1], [0]),
            [new LookupStep("first", 0, [table], one), new LookupStep("second", 1, [table], one), new LookupStep("third", 2, [table], one)],
            new CircuitOutput(3, [8], [1], [0]));
        _ = Assert.Single(CompiledModel.Create(circuit, new ExecutionMode.Exact()).Parameters.Sets);
    }

    [Fact]
    public void A_saving_below_a_tenth_is_not_taken()
    {
        // One wide look-up takes so long that narrow ones hardly count.
        CompiledModel model = CompiledModel.Create(MixedCircuit.Create(wide: 40), new ExecutionMode.Exact());
        _ = Assert.Single(model.Parameters.Sets);
    }

    [Fact]
    public void Look_ups_by_different_sets_share_no_rotation()
    {
        int[] one = new int[4];
        LookupTable first = new(-2, [0, 1, 0, 1]), second = new(-2, [1, 0, 1, 0]);
        var circuit = new FheCircuit(
            "two readers",
            new CircuitInput([4], new UniformQuantizer(1, 0, 2, signed: true, narrow: false), [1], [0]),
            [new LookupStep("first", 0, [first], one), new LookupStep("second", 0, [second], one)],
            new CircuitOutput(2, [4], [1], [0]));
        ParameterSet other = ParameterCatalog.All.First(p => p.PolynomialSize.Value == 2048);
        Assert.Equal(4, CompiledModel.Create(circuit, new ExecutionMode.Exact(), other).Rotations);
        CompiledModel apart = CompiledModel.Create(circuit, new ExecutionMode.Exact(), new ParameterPlan(circuit, [other, s_wide]));
        Assert.Equal(8, apart.Rotations);
        Assert.Equal(other, apart.Work(0).Parameters);
        Assert.Equal(s_wide, apart.Work(1).Parameters);
    }

    [Fact]
    public void A_plan_that_does_not_fit_its_circuit_is_refused()
    {
        FheCircuit circuit = MixedCircuit.Create();
        _ = Assert.Throws<ArgumentException>(() => new ParameterPlan(circuit, [s_wide]));
        _ = Assert.Throws<ArgumentException>(() => ParameterPlan.Of(circuit, s_wide)[0]);
        ArgumentException e = Assert.Throws<ArgumentException>(() => CompiledModel.Create(circuit, new ExecutionMode.Exact(), new ParameterPlan(circuit, [s_small, s_small, s_wide])));
        Assert.Contains("do not run", e.Message, StringComparison.Ordinal);
    }

    private static SparseMatrix Diagonal(int size)
    {
        var dense = new int[size, size];
        for (int i = 0; i < size; i++)
        {
            dense[i, i] = 1;
        }

        return SparseMatrix.FromDense(dense);
    }
}
