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
    public void A_row_that_ends_behind_the_entries_is_refused()
    {
        // The second row start goes back in bounds, so that only the middle one is wrong.
        ArgumentException e = Assert.Throws<ArgumentException>(() => new SparseMatrix(2, 5, [0, 5, 1], [0], [1]));
        Assert.Contains("Row 0", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_range_of_more_values_than_64_bits_count_is_refused()
    {
        // From about −2^63 to 2^63: both ends fit, the number of values between them does not, and would read as one bit.
        static LinearStep Map(string name, int source, int[,] weights) =>
            new(name, [new LinearTerm(source, SparseMatrix.FromDense(weights))], new long[weights.GetLength(0)]);
        _ = Assert.Throws<OverflowException>(() => new FheCircuit(
            "wide",
            new CircuitInput([1], new UniformQuantizer(1, 0, 1, signed: true, narrow: false), [1], [0]),
            [
                Map("a", 0, new[,] { { int.MaxValue } }),
                Map("b", 1, new[,] { { int.MaxValue } }),
                Map("c", 2, new[,] { { 1 }, { 1 } }),
                Map("d", 3, new[,] { { 2, -2 } }),
            ],
            new CircuitOutput(4, [1], [1], [0])));
    }

    [Fact]
    public void Floats_that_the_file_would_refuse_are_refused_when_the_circuit_is_made()
    {
        _ = Assert.Throws<ArgumentException>(() => new CircuitOutput(0, [1], [float.PositiveInfinity], [0]));
        _ = Assert.Throws<ArgumentException>(() => new CircuitOutput(0, [1], [1], [float.NaN]));
        _ = Assert.Throws<ArgumentException>(() => new CircuitInput([1], s_quantizer, [float.NegativeInfinity], [0]));
    }

    [Fact]
    public void A_name_too_long_for_the_file_is_refused_when_the_step_is_made()
    {
        var linear = new LinearTerm(0, SparseMatrix.FromDense(new[,] { { 1 } }));
        ArgumentException e = Assert.Throws<ArgumentException>(() => new LinearStep(new string('n', 70_000), [linear], [0]));
        Assert.Contains("too long", e.Message, StringComparison.Ordinal);
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
