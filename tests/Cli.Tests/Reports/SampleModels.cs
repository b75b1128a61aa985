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

    private static LookupTable Relu(int min, int max) => new(min, [.. Enumerable.Range(min, max - min + 1).Select(v => Math.Clamp(v, 0, 7))]);
}
