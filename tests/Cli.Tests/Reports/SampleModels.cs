using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.Cli.Tests.Reports;

/// <summary>Small circuits for reports.</summary>
internal static class SampleModels
{
    /// <summary>What an attacker might call a node.</summary>
    public const string HostileName = "\"><script>alert('x')</script>&amp;<!-- ]]> \u0001\uFFFE";

    /// <summary>input → first → relu → second + first (a residual) → relu2 → last; the input goes into the sum, too.</summary>
    public static CompiledModel Residual(string name = "residual", string step = "first")
    {
        SparseMatrix identity = SparseMatrix.FromDense(new[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } });
        int[] same = [0, 0, 0];
        var circuit = new FheCircuit(
            name,
            new CircuitInput([3], new UniformQuantizer(0.5f, 0, 2, signed: false, narrow: false), [1], [0]),
            [
                new LinearStep(step, [new LinearTerm(0, SparseMatrix.FromDense(new[,] { { 1, -1, 0 }, { 0, 2, 1 }, { 1, 1, 1 } }))], [0, 0, 0]),
                new LookupStep("relu", 1, [Relu(-16, 16)], same),
                new LinearStep("sum", [new LinearTerm(0, identity), new LinearTerm(1, identity), new LinearTerm(2, identity)], [0, 0, 0]),
                new LookupStep("relu2", 3, [Relu(-32, 32)], same),
                new LinearStep("last", [new LinearTerm(4, SparseMatrix.FromDense(new[,] { { 1, 1, -1 }, { -1, 0, 1 } }))], [0, 0]),
            ],
            new CircuitOutput(5, [2], [1], [0]));
        return CompiledModel.Create(circuit, new ExecutionMode.Exact());
    }

    /// <summary>Two look-ups of 63 values, then eight of at most nine: they take sets of their own.</summary>
    public static CompiledModel Mixed()
    {
        int[,] mix = new int[8, 2];
        for (int i = 0; i < 8; i++)
        {
            mix[i, 0] = 1;
            mix[i, 1] = i % 2 == 0 ? 1 : -1;
        }

        var circuit = new FheCircuit(
            "mixed",
            new CircuitInput([1], new UniformQuantizer(1, 0, 6, signed: true, narrow: true), [1], [0]),
            [
                new LinearStep("spread", [new LinearTerm(0, SparseMatrix.FromDense(new[,] { { 1 }, { -1 } }))], [0, 0]),
                new LookupStep("wide", 1, [new LookupTable(-31, [.. Enumerable.Range(-31, 63).Select(v => v / 16)])], [0, 0]),
                new LinearStep("mix", [new LinearTerm(2, SparseMatrix.FromDense(mix))], new long[8]),
                new LookupStep("fold", 3, [new LookupTable(-2, [1, 0, 1, 0, 1])], new int[8]),
            ],
            new CircuitOutput(4, [8], [1], [0]));
        return CompiledModel.Create(circuit, new ExecutionMode.Exact());
    }

    private static LookupTable Relu(int min, int max) => new(min, [.. Enumerable.Range(min, max - min + 1).Select(v => Math.Clamp(v, 0, 7))]);
}
