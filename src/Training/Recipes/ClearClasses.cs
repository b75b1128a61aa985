using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Training.Data;

namespace BlindGrain.Training.Recipes;

/// <summary>The classes that a circuit's clear integers give: the index of the largest output, the first of equals.</summary>
internal static class ClearClasses
{
    /// <summary>The class of each sample.</summary>
    public static long[] Of(FheCircuit circuit, Dataset data)
    {
        int[][] inputs = [.. data.Samples().Select(s => circuit.Input.Quantize(s))];
        var executor = new ClearExecutor(circuit);
        var classes = new long[inputs.Length];
        _ = Parallel.For(0, inputs.Length, i => classes[i] = OfIntegers(circuit, executor.Run(inputs[i])));
        return classes;
    }

    /// <summary>The class that output integers stand for.</summary>
    public static int OfIntegers(FheCircuit circuit, long[] integers)
    {
        float[] logits = circuit.Output.Dequantize(integers);
        return Array.IndexOf(logits, logits.Max());
    }

    /// <summary>The share of <paramref name="classes"/> that are the labels, 0 to 1.</summary>
    public static double Accuracy(long[] classes, Dataset data) => (double)classes.Zip(data.Labels).Count(p => p.First == p.Second) / data.Count;
}
