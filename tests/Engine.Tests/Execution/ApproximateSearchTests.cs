using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Execution;

public class ApproximateSearchTests
{
    [Fact]
    public void The_fastest_candidate_within_the_tolerance_is_taken()
    {
        (FheCircuit circuit, LabelledInputs data) = Classifier(2000);
        ApproximateSearchResult result = ApproximateSearch.Run(circuit, data, 0.02, ParameterOptimizer.Default, 1, TestContext.Current.CancellationToken);

        Assert.True(result.Candidates.Count > 1, "the fastest parameters must be too noisy for this test to say anything");
        Assert.Equal([.. Enumerable.Repeat(false, result.Candidates.Count - 1), true], result.Candidates.Select(c => c.Accepted));
        Assert.Same(result.Candidates[^1].Model, result.Best);
        Assert.True(result.Candidates[^1].LossInterval.High <= 0.02);
        Assert.All(result.Candidates.SkipLast(1), c => Assert.True(c.LossInterval.High > 0.02));

        // Slower and slower, finer and finer, each with its own parameters.
        Assert.Equal(result.Candidates.OrderBy(c => c.Milliseconds), result.Candidates);
        Assert.Equal(result.Candidates.OrderByDescending(c => c.Sigma), result.Candidates);
        Assert.Equal(result.Candidates.Count, result.Candidates.Select(c => c.Model.Parameters.Id).Distinct().Count());

        // What it says of the one it took holds for other noise.
        SimulationResult again = new NoisyExecutor(result.Best!).Evaluate(data.Inputs, 99, TestContext.Current.CancellationToken);
        double loss = result.ClearAccuracy - (data.Right(circuit.Output, again.Outputs).Count(r => r) / (double)data.Count);
        Assert.InRange(loss, result.Candidates[^1].LossInterval.Low - 0.02, result.Candidates[^1].LossInterval.High + 0.02);
    }

    [Fact]
    public void A_search_repeats_itself_and_a_smaller_tolerance_costs_more()
    {
        (FheCircuit circuit, LabelledInputs data) = Classifier(1000);
        ApproximateSearchResult first = ApproximateSearch.Run(circuit, data, 0.05, ParameterOptimizer.Default, 1, TestContext.Current.CancellationToken);
        ApproximateSearchResult second = ApproximateSearch.Run(circuit, data, 0.05, ParameterOptimizer.Default, 1, TestContext.Current.CancellationToken);
        Assert.Equal(first.Candidates.Select(c => (c.Sigma, c.Trials, c.Accuracy, c.Loss)), second.Candidates.Select(c => (c.Sigma, c.Trials, c.Accuracy, c.Loss)));
        ApproximateSearchResult finer = ApproximateSearch.Run(circuit, data, 0.01, ParameterOptimizer.Default, 1, TestContext.Current.CancellationToken);
        Assert.True(finer.Candidates[^1].Milliseconds > first.Candidates[^1].Milliseconds);
    }

    [Fact]
    public void A_tolerance_out_of_reach_ends_without_a_model()
    {
        (FheCircuit circuit, LabelledInputs data) = Classifier(50);
        ApproximateSearchResult result = ApproximateSearch.Run(circuit, data, 1e-6, ParameterOptimizer.Default, 1, TestContext.Current.CancellationToken);
        Assert.Null(result.Best);
        Assert.Equal(ApproximateSearch.Candidates(circuit, ParameterOptimizer.Default).Count, result.Candidates.Count);
    }

    [Fact]
    public void Every_candidate_keeps_six_sigma_free_at_both_ends()
    {
        FheCircuit circuit = Classifier(10).Circuit;
        CompiledModel[] models = [.. ApproximateSearch.Candidates(circuit, ParameterOptimizer.Default)];
        Assert.NotEmpty(models);
        Assert.All(models, model =>
        {
            double half = Math.Pow(2, 63), used = model.Encoding.Width(1) * (double)model.Encoding.Delta(1);
            Assert.True((half - used) / 2 / half >= 6 * model.Sigma(1) * (1 - 1e-9), $"{model.Parameters.Id}: a guard of {(half - used) / 2 / half / model.Sigma(1):F2} sigma");
        });
    }

    [Fact]
    public void What_cannot_be_searched_is_refused()
    {
        (FheCircuit circuit, LabelledInputs data) = Classifier(10);
        Assert.Contains("outside 0 to 100", Assert.Throws<ArgumentException>(() => ApproximateSearch.Run(circuit, data, 0, ParameterOptimizer.Default, 1, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        _ = Assert.Throws<ArgumentException>(() => new LabelledInputs([[1]], [1, 2]));
        var linear = new FheCircuit("linear", circuit.Input, [new LinearStep("only", [new LinearTerm(0, SparseMatrix.FromDense(new int[2, 2] { { 1, 1 }, { 1, -1 } }))], [0, 0])], new CircuitOutput(1, [2], [1], [0]));
        Assert.Contains("no look-up", Assert.Throws<ArgumentException>(() => ApproximateSearch.Run(linear, data, 0.1, ParameterOptimizer.Default, 1, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    /// <summary>Two inputs of 7 bits; their sum and difference are cut into stripes, and a point's class is whether it lies on an even or odd one of both.</summary>
    private static (FheCircuit Circuit, LabelledInputs Data) Classifier(int samples)
    {
        var input = new CircuitInput([2], new UniformQuantizer(1, 0, 7, signed: true, narrow: false), [1], [0]);
        var stripes = new LookupTable(-128, [.. Enumerable.Range(-128, 256).Select(v => Stripe(v) ? 1 : -1)]);
        CircuitStep[] steps =
        [
            new LinearStep("turn", [new LinearTerm(0, SparseMatrix.FromDense(new[,] { { 1, 1 }, { 1, -1 } }))], [0, 0]),
            new LookupStep("stripes", 1, [stripes], [0, 0]),
            new LinearStep("sum", [new LinearTerm(2, SparseMatrix.FromDense(new[,] { { 1, 1 } }))], [0]),
            new LookupStep("even", 3, [new LookupTable(-2, [1, 1, 0, 1, 1])], [0]),
            new LinearStep("classes", [new LinearTerm(4, SparseMatrix.FromDense(new[,] { { 1 }, { -1 } }))], [0, 1]),
        ];
        var circuit = new FheCircuit("stripes", input, steps, new CircuitOutput(5, [2], [1], [0]));
        var random = new System.Random(samples);
        int[][] points = [.. Enumerable.Range(0, samples).Select(_ => new[] { random.Next(-64, 64), random.Next(-64, 64) })];
        return (circuit, new LabelledInputs(points, [.. points.Select(p => Stripe(p[0] + p[1]) == Stripe(p[0] - p[1]) ? 0 : 1)]));
    }

    private static bool Stripe(int v) => ((v + 128) / 32) % 2 == 0;
}
