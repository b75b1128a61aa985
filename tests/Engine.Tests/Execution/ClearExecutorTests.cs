using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tests.Execution.Simulation;

namespace BlindGrain.Engine.Tests.Execution;

public class ClearExecutorTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 1_500_000_000)]
    public void Every_value_is_the_definitions(int seed, int scale)
    {
        FheCircuit circuit = RandomCircuits.Create(seed, scale);
        var random = new System.Random(seed);
        int[][] inputs = [.. Enumerable.Range(0, 101).Select(_ => RandomCircuits.Input(random, circuit))];
        var executor = new ClearExecutor(circuit);
        long[][] outputs = executor.RunBatch(inputs);
        for (int i = 0; i < inputs.Length; i++)
        {
            long[][] expected = NaiveEvaluation.RunAll(circuit, inputs[i]);
            Assert.Equal(expected, executor.RunAll(inputs[i]));
            Assert.Equal(expected[^1], executor.Run(inputs[i]));
            Assert.Equal(expected[^1], outputs[i]);
        }

        // The scaled circuits really leave 32 bits.
        Assert.Equal(scale > 1000, outputs.Any(o => o.Any(y => y is > int.MaxValue or < int.MinValue)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(77)]
    public void A_batch_sees_the_ranges_that_its_samples_reach(int samples)
    {
        FheCircuit circuit = RandomCircuits.Create(4);
        var random = new System.Random(9);
        int[][] inputs = [.. Enumerable.Range(0, samples).Select(_ => RandomCircuits.Input(random, circuit))];
        SimulationResult result = new ClearExecutor(circuit).Evaluate(inputs, TestContext.Current.CancellationToken);
        long[][][] all = [.. inputs.Select(i => NaiveEvaluation.RunAll(circuit, i))];
        for (int v = 0; v <= circuit.Steps.Count; v++)
        {
            Assert.Equal(new ValueRange(all.Min(run => run[v].Min()), all.Max(run => run[v].Max())), result.Observed[v]);
        }

        Assert.All(result.Overflows, count => Assert.Equal(0, count));
        Assert.All(result.Noise, Assert.Null);
    }

    [Fact]
    public void A_value_outside_its_declared_range_reads_the_nearest_entry_and_is_counted()
    {
        FheCircuit circuit = RandomCircuits.Create(5, half: 6);
        var random = new System.Random(6);
        int[][] inputs = [.. Enumerable.Range(0, 90).Select(_ => RandomCircuits.Input(random, circuit))];
        SimulationResult result = new ClearExecutor(circuit).Evaluate(inputs, TestContext.Current.CancellationToken);
        var overflows = new long[circuit.Steps.Count + 1];
        for (int i = 0; i < inputs.Length; i++)
        {
            Assert.Equal(NaiveEvaluation.RunAll(circuit, inputs[i], overflows)[^1], result.Outputs[i]);
        }

        Assert.True(overflows[1] > 0);
        Assert.Equal(overflows, result.Overflows);

        // What was really reached is said, not the declared range.
        Assert.True(result.Observed[1].Max > 6);
    }

    [Fact]
    public void An_input_that_does_not_fit_is_refused()
    {
        FheCircuit circuit = RandomCircuits.Create(1);
        var executor = new ClearExecutor(circuit);
        Assert.Contains("takes 8 values, not 7", Assert.Throws<ArgumentException>(() => executor.Run(new int[7])).Message, StringComparison.Ordinal);
        int[] high = [0, 0, 0, 8, 0, 0, 0, 0];
        Assert.Contains("Value 3 is 8", Assert.Throws<ArgumentException>(() => executor.RunAll(high)).Message, StringComparison.Ordinal);
        Assert.Contains("Value 3 is 8", Assert.Throws<ArgumentException>(() => executor.RunBatch([new int[8], high])).Message, StringComparison.Ordinal);
    }
}
