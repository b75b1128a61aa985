using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler.Quantization;

/// <summary>The one input of a float model, as one sample of a batch.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="Shape">Its shape; a first axis of several is the batch and holds one sample.</param>
internal sealed record ModelInput(string Name, int[] Shape)
{
    /// <summary>The number of values of one sample.</summary>
    public int Length => Shape.Aggregate(1, (a, b) => checked(a * b));

    /// <summary>Finds the input, and sets its batch to one sample, unless samples are batches.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sampleLength">The length of a sample.</param>
    /// <exception cref="UnsupportedModelException">There is not exactly one input with a shape.</exception>
    public static ModelInput Of(ModelProto model, int sampleLength)
    {
        ValueInfoProto[] inputs = [.. model.Graph.Input.Where(i => model.Graph.Initializer.All(t => t.Name != i.Name))];
        if (inputs.Length != 1)
        {
            throw Several(inputs);
        }

        if (inputs[0].Type?.TensorType?.Shape is not { Dim.Count: > 0 } shape)
        {
            throw new UnsupportedModelException($"Input '{inputs[0].Name}' has no shape; export the model with a fixed input shape (the batch may be open).");
        }

        double whole = shape.Dim.Aggregate(1.0, (a, d) => a * d.DimValue);
        if (shape.Dim.Count > 1 && whole != sampleLength)
        {
            shape.Dim[0] = new TensorShapeProto.Types.Dimension { DimValue = 1 };
        }

        // A size that is open (a name, or nothing) is taken as one.
        long[] sizes = [.. shape.Dim.Select(d => Math.Max(1, d.DimValue))];
        return sizes.Aggregate(1.0, (a, b) => a * b) <= Engine.Circuits.CircuitInput.MaxLength
            ? new ModelInput(inputs[0].Name, [.. sizes.Select(d => (int)d)])
            : throw new UnsupportedModelException($"The model's input of shape [{string.Join(", ", sizes)}] has more than {Engine.Circuits.CircuitInput.MaxLength} values, the most that are supported.");
    }

    /// <summary>The refusal of a model without, or with several inputs.</summary>
    public static UnsupportedModelException Several(IReadOnlyCollection<ValueInfoProto> inputs) => new(
        $"The model has {inputs.Count} inputs ({string.Join(", ", inputs.Select(i => i.Name))}); one is supported. Concatenate them to one tensor, and split that in the model.");

    /// <summary>Refuses samples of another length.</summary>
    /// <exception cref="ArgumentException">There are none, or one does not fit.</exception>
    public void Check(IReadOnlyList<float[]> samples)
    {
        if (samples.Count == 0)
        {
            throw new ArgumentException("Post-training quantization needs at least one calibration sample.", nameof(samples));
        }

        foreach (float[] sample in samples)
        {
            if (sample.Length != Length)
            {
                throw new ArgumentException($"A calibration sample has {sample.Length} values; the model's input of shape [{string.Join(", ", Shape)}] takes {Length}.", nameof(samples));
            }

            if (Array.Exists(sample, v => !float.IsFinite(v)))
            {
                throw new ArgumentException("A calibration sample holds a value that is not a finite number.", nameof(samples));
            }
        }
    }
}
