using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Compiler.Quantization;

/// <summary>Counts the classes that a circuit gets right on clear integers.</summary>
public static class ClassAccuracy
{
    /// <summary>How many samples get their label; the class is the index of the largest output, the first of equals.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="samples">Inputs, flat.</param>
    /// <param name="labels">Their classes, from 0.</param>
    /// <exception cref="ArgumentException">A sample does not fit the circuit, there are not as many labels, or the circuit yields one value.</exception>
    public static int Correct(FheCircuit circuit, IReadOnlyList<float[]> samples, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(labels);
        if (samples.Count != labels.Count)
        {
            throw new ArgumentException($"{samples.Count} samples need as many labels, not {labels.Count}.", nameof(labels));
        }

        if (circuit.Output.Length < 2)
        {
            throw new ArgumentException($"Circuit '{circuit.Name}' yields one value; accuracy needs the scores of two classes at least.", nameof(circuit));
        }

        int[][] inputs = [.. samples.Select(s => circuit.Input.Quantize(s))];
        var executor = new ClearExecutor(circuit);
        int correct = 0;
        _ = Parallel.For(0, inputs.Length, i => _ = ClassOf(circuit, executor.Run(inputs[i])) == labels[i] ? Interlocked.Increment(ref correct) : 0);
        return correct;
    }

    private static int ClassOf(FheCircuit circuit, long[] integers)
    {
        float[] logits = circuit.Output.Dequantize(integers);
        int best = 0;
        for (int c = 1; c < logits.Length; c++)
        {
            best = logits[c] > logits[best] ? c : best;
        }

        return best;
    }
}
