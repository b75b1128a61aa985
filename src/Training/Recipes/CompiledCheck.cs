using BlindGrain.Engine.Circuits;
using BlindGrain.Training.Data;

namespace BlindGrain.Training.Recipes;

/// <summary>What the compiled circuit of an exported file does with the test points.</summary>
/// <param name="Accuracy">The share of samples right, 0 to 1.</param>
/// <param name="Bootstraps">Bootstraps of one inference.</param>
/// <param name="MaxBits">The widest value, in bits.</param>
internal sealed record CompiledCheck(double Accuracy, int Bootstraps, int MaxBits)
{
    /// <summary>Runs the clear integers of <paramref name="circuit"/> on <paramref name="data"/> and holds them against the network's own classes.</summary>
    /// <exception cref="InvalidOperationException">A sample's class differs.</exception>
    public static CompiledCheck Run(FheCircuit circuit, Dataset data, long[] expected)
    {
        long[] found = ClearClasses.Of(circuit, data);
        int differs = Enumerable.Range(0, data.Count).FirstOrDefault(i => found[i] != expected[i], -1);
        if (differs >= 0)
        {
            throw new InvalidOperationException($"The compiled circuit and the trained network disagree on test sample {differs}.");
        }

        return new CompiledCheck(ClearClasses.Accuracy(found, data), circuit.Bootstraps, circuit.MaxBits);
    }
}
