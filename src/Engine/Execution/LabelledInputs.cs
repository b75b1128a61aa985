using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution;

/// <summary>Quantized inputs of a classifier and the class of each.</summary>
public sealed class LabelledInputs
{
    /// <summary>Joins inputs and classes.</summary>
    /// <exception cref="ArgumentException">There are none, or not as many of one as of the other.</exception>
    public LabelledInputs(IReadOnlyList<int[]> inputs, IReadOnlyList<int> classes)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(classes);
        if (inputs.Count == 0 || inputs.Count != classes.Count)
        {
            throw new ArgumentException($"Accuracy takes as many classes as inputs, one at least, not {inputs.Count} inputs and {classes.Count} classes.", nameof(classes));
        }

        Inputs = inputs;
        Classes = classes;
    }

    /// <summary>The quantized inputs.</summary>
    public IReadOnlyList<int[]> Inputs { get; }

    /// <summary>The class of each, from 0.</summary>
    public IReadOnlyList<int> Classes { get; }

    /// <summary>The number of samples.</summary>
    public int Count => Inputs.Count;

    /// <summary>For each sample, whether its result names its class.</summary>
    /// <param name="output">The circuit's output.</param>
    /// <param name="results">The output integers of each sample.</param>
    public bool[] Right(CircuitOutput output, IReadOnlyList<long[]> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return [.. results.Select((r, i) => Classification.ClassOf(output, r) == Classes[i])];
    }

    /// <summary>The samples of these indices, in their order.</summary>
    internal LabelledInputs Pick(IReadOnlyList<int> indices) => new([.. indices.Select(i => Inputs[i])], [.. indices.Select(i => Classes[i])]);
}
