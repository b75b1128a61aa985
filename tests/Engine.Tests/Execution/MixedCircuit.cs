using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.Engine.Tests.Execution;

/// <summary>A circuit whose first layer of look-ups is wide and whose others are narrow: one set for all is dear.</summary>
internal static class MixedCircuit
{
    /// <summary>One input of 6 bits; <paramref name="wide"/> look-ups of 63 values, then twice 8 of at most 9.</summary>
    public static FheCircuit Create(int wide = 2)
    {
        const int Narrow = 8;
        int[,] spread = new int[wide, 1], mix = new int[Narrow, wide], pairs = new int[Narrow, Narrow];
        for (int i = 0; i < wide; i++)
        {
            spread[i, 0] = i % 2 == 0 ? 1 : -1;
        }

        for (int i = 0; i < Narrow; i++)
        {
            mix[i, i % wide] = 1;
            mix[i, (i + 1) % wide] = i < Narrow / 2 ? 1 : -1;
            pairs[i, i] = 1;
            pairs[i, (i + 3) % Narrow] = -1;
        }

        var steps = new LookupTable(-31, [.. Enumerable.Range(-31, 63).Select(v => (v & 7) - 4 < 0 ? (v >> 4) + 1 : -(v >> 4) - 1)]);
        var fold = new LookupTable(-4, [.. Enumerable.Range(-4, 9).Select(v => Math.Abs(v) % 3)]);
        var last = new LookupTable(-2, [2, 0, -1, 1, -2]);
        return new FheCircuit(
            "mixed",
            new CircuitInput([1], new UniformQuantizer(1, 0, 6, signed: true, narrow: true), [1], [0]),
            [
                new LinearStep("spread", [new LinearTerm(0, SparseMatrix.FromDense(spread))], new long[wide]),
                new LookupStep("wide", 1, [steps], new int[wide]),
                new LinearStep("mix", [new LinearTerm(2, SparseMatrix.FromDense(mix))], new long[Narrow]),
                new LookupStep("fold", 3, [fold], new int[Narrow]),
                new LinearStep("pairs", [new LinearTerm(4, SparseMatrix.FromDense(pairs))], new long[Narrow]),
                new LookupStep("last", 5, [last], new int[Narrow]),
            ],
            new CircuitOutput(6, [Narrow], [1], [0]));
    }
}
