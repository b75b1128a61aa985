namespace BlindGrain.Engine.Circuits;

/// <summary>From a classifier's result to the class that it names.</summary>
public static class Classification
{
    /// <summary>The class that a result names: what the circuit's own ArgMax, ArgMin or first of the top indices gives, else the index of the largest output, the first of equals.</summary>
    /// <param name="output">The circuit's output.</param>
    /// <param name="result">The output integers.</param>
    /// <exception cref="ArgumentException">The result has another length.</exception>
    public static int ClassOf(CircuitOutput output, ReadOnlySpan<long> result)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (output.Operation?.Function is ClientFunction.ArgMax or ClientFunction.ArgMin or ClientFunction.TopKIndices)
        {
            return (int)output.Finish(result)[0];
        }

        // Softmax and its logarithm keep the order; so do the outputs themselves, without their rounding.
        float[] outputs = output.Dequantize(result);
        int best = 0;
        for (int i = 1; i < outputs.Length; i++)
        {
            best = outputs[i] > outputs[best] ? i : best;
        }

        return best;
    }
}
