using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Models;

/// <summary>From logits to classes.</summary>
internal static class Classes
{
    /// <summary>The index of the largest value, the first of equals: the class that a network names.</summary>
    public static int ArgMax(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>The logits of a circuit on clear integers for one sample of floats.</summary>
    public static float[] ClearLogits(ClearExecutor executor, FheCircuit circuit, float[] sample) =>
        circuit.Output.Dequantize(executor.Run(circuit.Input.Quantize(sample)));
}
