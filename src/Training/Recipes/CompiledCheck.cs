using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Training.Data;

namespace BlindGrain.Training.Recipes;

/// <summary>What the compiled circuit of an exported file does with the test points.</summary>
/// <param name="Accuracy">The share of points right, 0 to 1.</param>
/// <param name="Bootstraps">Bootstraps of one inference.</param>
/// <param name="MaxBits">The widest value, in bits.</param>
internal sealed record CompiledCheck(double Accuracy, int Bootstraps, int MaxBits)
{
    /// <summary>Runs the clear integers of <paramref name="circuit"/> on <paramref name="points"/> and holds them against the network's own classes.</summary>
    /// <exception cref="InvalidOperationException">A point's class differs.</exception>
    public static CompiledCheck Run(FheCircuit circuit, LabelledPoints points, long[] expected)
    {
        var executor = new ClearExecutor(circuit);
        int right = 0;
        for (int i = 0; i < points.Count; i++)
        {
            float[] logits = circuit.Output.Dequantize(executor.Run(circuit.Input.Quantize(points.Coordinates.AsSpan(2 * i, 2))));
            long found = logits[1] > logits[0] ? 1 : 0;
            if (found != expected[i])
            {
                throw new InvalidOperationException($"The compiled circuit and the trained network disagree on test point {i}.");
            }

            right += found == points.Labels[i] ? 1 : 0;
        }

        return new CompiledCheck((double)right / points.Count, circuit.Bootstraps, circuit.MaxBits);
    }
}
