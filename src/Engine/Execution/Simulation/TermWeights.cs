using System.Numerics;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution.Simulation;

/// <summary>The weights of a circuit's linear steps in the type that a kernel multiplies with.</summary>
internal static class TermWeights
{
    /// <summary>By step and term; empty for look-ups.</summary>
    public static T[][][] Of<T>(FheCircuit circuit)
        where T : unmanaged, INumber<T> =>
        [.. circuit.Steps.Select(s => s is LinearStep linear ? linear.Terms.Select(t => Array.ConvertAll(t.Matrix.Weight, T.CreateTruncating)).ToArray() : [])];
}
