using BlindGrain.Cli.Reports;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Execution.Reports;

namespace BlindGrain.Cli.Tests.Reports;

/// <summary>What a report says of a model.</summary>
public class ModelReportTests
{
    private readonly ModelReport _report = ModelReport.Of(SampleModels.Residual(), "model.bgc", 1234);

    [Fact]
    public void Steps_have_their_sources_ranges_and_bit_widths()
    {
        Assert.Equal(["input", "first", "relu", "sum", "relu2", "last"], _report.Steps.Select(s => s.Name));
        Assert.Equal(["input", "linear", "lookup", "linear", "lookup", "linear"], _report.Steps.Select(s => s.Kind));
        Assert.Equal([0, 1, 2], _report.Steps[3].Sources);

        // Rows over inputs in [0, 3]: [-3, 3], [0, 9], [0, 9].
        StepReport first = _report.Steps[1];
        Assert.Equal((-3, 9, 10, 4), (first.Min, first.Max, first.Values, first.Bits));
        Assert.Equal([(3, 1), (4, 2)], first.ElementsOfBits.Select(b => (b.Key, b.Value)));
        Assert.Equal((7, 2, 5), (first.Linear!.Weights, first.Linear.LargestWeight, (int)first.Linear.SquaredNorm));
        Assert.Equal((3, 1), (_report.Steps[2].Lookup!.Bootstraps, _report.Steps[2].Lookup!.Tables));
        Assert.True(_report.Steps[^1].IsOutput);
    }

    [Fact]
    public void The_shares_of_the_time_are_the_whole() =>
        Assert.Equal(1, _report.Steps.Sum(s => s.Lookup?.TimeShare ?? 0), 12);

    [Fact]
    public void The_errors_of_all_look_ups_add_up()
    {
        LookupFacts[] lookups = [.. _report.Steps.Select(s => s.Lookup).OfType<LookupFacts>()];
        Assert.InRange(_report.Log2InferenceError!.Value, lookups.Max(l => l.Log2PError) + Math.Log2(3), lookups.Max(l => l.Log2PError) + Math.Log2(6));
    }

    [Fact]
    public void A_further_bit_never_costs_less()
    {
        double?[] costs = [.. _report.Choices.OrderBy(c => c.ExtraBits).Where(c => c.Log2PError == -40).Select(c => c.RelativeTime)];
        Assert.Equal(4, costs.Length);
        Assert.Equal(costs.Order(), costs);
        Assert.True(costs[0] < costs[^1]);
        ChoiceReport current = Assert.Single(_report.Choices, c => c.Current);
        Assert.Equal((1, _report.Cost, _report.KeyBytes), (current.RelativeTime, current.Cost, current.KeyBytes));
    }

    [Fact]
    public void A_bit_more_is_what_wider_weights_would_ask_for()
    {
        CompiledModel model = SampleModels.Residual();
        Assert.Equal(model.Parameters, CompiledModel.FindParameters(model.Circuit, model.Mode)?.Suite);
        Assert.Null(CompiledModel.FindParameters(model.Circuit, model.Mode, widening: 1e9));
    }

    [Fact]
    public void Each_of_several_sets_has_its_time_and_keys_beside_those_of_one()
    {
        CompiledModel model = SampleModels.Mixed();
        var report = ModelReport.Of(model, "model.bgc", 1234);
        ParameterReport parameters = report.Parameters;
        Assert.True(parameters.Sets.Count > 1);
        Assert.Equal(model.Parameters.Id, parameters.Id);
        Assert.Equal(report.Milliseconds, parameters.Sets.Sum(p => p.Milliseconds), 6);
        Assert.Equal(report.ExpandedKeyBytes, parameters.Sets.Sum(p => p.ExpandedKeyBytes));
        Assert.Equal((2, 10), (parameters.Sets.Sum(p => p.LookupSteps), parameters.Sets.Sum(p => p.Rotations)));
        Assert.InRange(parameters.Sets.Sum(p => p.KeyBytes), report.KeyBytes - 1000, report.KeyBytes);
        OneSetReport one = parameters.OneSet!;
        Assert.True(one.Milliseconds > report.Milliseconds);
        Assert.True(one.KeyBytes < report.KeyBytes);
        Assert.Equal(parameters.Sets.Select(p => p.Id).Order(), report.Steps.Select(s => s.Lookup?.ParameterSet).OfType<string>().Distinct().Order());
        string page = Pages.Text(report);
        Assert.All(parameters.Sets, p => Assert.Contains(p.Id, page, StringComparison.Ordinal));
        Assert.Contains($"With one set alone ({one.Id})", page, StringComparison.Ordinal);

        Assert.Null(_report.Parameters.OneSet);
        _ = Assert.Single(_report.Parameters.Sets);
    }

    [Fact]
    public void A_circuit_without_look_ups_has_a_page_too()
    {
        FheCircuit residual = SampleModels.Residual().Circuit;
        var circuit = new FheCircuit("linear", residual.Input, [residual.Steps[0]], new CircuitOutput(1, [3], [1], [0]));
        var report = ModelReport.Of(CompiledModel.Create(circuit, new ExecutionMode.Exact()), "m.bgc", 1);
        Assert.Null(report.Log2InferenceError);
        Assert.NotEmpty(System.Text.Json.JsonSerializer.Serialize(report, Cli.CommandLine.Terminal.JsonForm));
        Assert.DoesNotContain("NaN", Pages.Parse(Pages.Text(report)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Both_modes_stand_side_by_side()
    {
        Assert.Equal(["exact", "approximate"], _report.Modes.Select(m => m.Mode));
        Assert.True(_report.Modes[0].Current);
        Assert.True(_report.Modes[1].Milliseconds <= _report.Modes[0].Milliseconds);
    }
}
