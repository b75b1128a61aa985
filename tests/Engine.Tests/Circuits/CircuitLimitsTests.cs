using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.Engine.Tests.Circuits;

/// <summary>A small file must not make its reader take memory or time without bound.</summary>
public class CircuitLimitsTests
{
    private static readonly UniformQuantizer s_quantizer = new(1, 0, 16, signed: true, narrow: false);

    [Fact]
    public void An_input_of_too_many_values_is_refused_before_memory_is_taken()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new CircuitInput([1 << 30], s_quantizer, [1], [0]));
        Assert.Contains("at most", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_that_share_table_and_range_are_looked_at_once()
    {
        // A million elements times 65536 entries would be hours of work one by one.
        var table = new LookupTable(-32768, new int[65536]);
        var circuit = new FheCircuit(
            "shared",
            new CircuitInput([1 << 20], s_quantizer, [1], [0]),
            [new LookupStep("look up", 0, [table], new int[1 << 20])],
            new CircuitOutput(1, [1 << 20], [1], [0]));
        Assert.Equal(new ValueRange(0, 0), circuit.Ranges[1][^1]);
    }

    [Fact]
    public void Too_many_entries_in_reach_are_refused()
    {
        // Every element has a range of its own, each nearly as wide as the table.
        const int Elements = 40_000;
        var matrix = new SparseMatrix(Elements, 1, [.. Enumerable.Range(0, Elements + 1)], new int[Elements], [.. Enumerable.Repeat(1, Elements)]);
        var linear = new LinearStep("spread", [new LinearTerm(0, matrix)], [.. Enumerable.Range(0, Elements).Select(i => (long)i)]);
        var table = new LookupTable(-32768, new int[65536 + Elements]);
        ArgumentException e = Assert.Throws<ArgumentException>(() => new FheCircuit(
            "spread",
            new CircuitInput([1], s_quantizer, [1], [0]),
            [linear, new LookupStep("look up", 1, [table], new int[Elements])],
            new CircuitOutput(2, [Elements], [1], [0])));
        Assert.Contains("'look up'", e.Message, StringComparison.Ordinal);
    }
}
