using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.Engine.Tests.Execution.Simulation;

/// <summary>Seeded circuits of every kind of step: sparse, dense and residual linear maps, own and shared tables.</summary>
internal static class RandomCircuits
{
    public static int[] Input(System.Random random, FheCircuit circuit) =>
        [.. Enumerable.Range(0, circuit.Input.Length).Select(_ => random.Next(circuit.Input.Quantizer.QMin, circuit.Input.Quantizer.QMax + 1))];

    /// <summary>8 inputs; 13 sums, looked up; 7 sums of those and of the input, looked up; 5 outputs.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="scale">What the last layer's weights are multiplied with: a large one takes 64 bits.</param>
    /// <param name="half">Where given, the first sums are declared to lie in ±half, though they do not.</param>
    public static FheCircuit Create(int seed, int scale = 1, int? half = null)
    {
        var random = new System.Random(seed);
        var input = new CircuitInput([8], new UniformQuantizer(1, 0, 4, signed: true, narrow: false), [1], [0]);
        var ranges = new List<ValueRange[]> { Enumerable.Repeat(input.Range, 8).ToArray() };
        var steps = new List<CircuitStep>();
        Add(new LinearStep("sums", [new LinearTerm(0, Matrix(random, 13, 8, 0.5, 3))], Bias(random, 13), half is { } h ? Enumerable.Repeat(new ValueRange(-h, h), 13).ToArray() : null));
        Add(Lookup(random, "own tables", 1, ranges[1], shared: false));
        Add(new LinearStep("residual", [new LinearTerm(2, Matrix(random, 7, 13, 0.9, 2)), new LinearTerm(0, Matrix(random, 7, 8, 0.2, 4))], Bias(random, 7)));
        Add(Lookup(random, "shared tables", 3, ranges[3], shared: true));
        Add(new LinearStep("out", [new LinearTerm(4, Matrix(random, 5, 7, 0.7, scale))], Bias(random, 5)));
        return new FheCircuit("random", input, steps, new CircuitOutput(5, [5], [0.5f], [0]));

        void Add(CircuitStep step)
        {
            steps.Add(step);
            ranges.Add(CircuitRanges.OfStep(step, ranges));
        }
    }

    private static SparseMatrix Matrix(System.Random random, int rows, int columns, double density, int largest)
    {
        var dense = new int[rows, columns];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                dense[r, c] = random.NextDouble() < density ? (int)random.NextInt64(-(long)largest, largest + 1L) : 0;
            }
        }

        return SparseMatrix.FromDense(dense);
    }

    private static long[] Bias(System.Random random, int rows) => [.. Enumerable.Range(0, rows).Select(_ => (long)random.Next(-4, 5))];

    private static LookupStep Lookup(System.Random random, string name, int source, ValueRange[] ranges, bool shared)
    {
        if (!shared)
        {
            return new LookupStep(name, source, [.. ranges.Select(r => Table(random, r))], [.. Enumerable.Range(0, ranges.Length)]);
        }

        var all = new ValueRange(ranges.Min(r => r.Min) - 3, ranges.Max(r => r.Max));
        return new LookupStep(name, source, [Table(random, all), Table(random, all)], [.. ranges.Select((_, i) => i % 2)]);
    }

    private static LookupTable Table(System.Random random, ValueRange range) =>
        new(range.Min, [.. Enumerable.Range(0, (int)range.Width).Select(_ => random.Next(-5, 6))]);
}
