namespace BlindGrain.Compiler.Quantization;

/// <summary>How a float model is quantized after training.</summary>
public sealed record PostTrainingOptions
{
    /// <summary>Bits of the input, 1 to 8.</summary>
    public int InputBits { get; init; } = 6;

    /// <summary>Bits of weights, 1 to 8; 1 is ±scale.</summary>
    public int WeightBits { get; init; } = 6;

    /// <summary>Bits of activations, 1 to 8.</summary>
    public int ActivationBits { get; init; } = 6;

    /// <summary>Bits of the output, 1 to 8, where a function that is not affine stands at the end; other outputs leave unquantized.</summary>
    public int OutputBits { get; init; } = 8;

    /// <summary>One scale an output channel of weights, instead of one a tensor.</summary>
    public bool PerChannel { get; init; } = true;

    /// <summary>How ranges are chosen.</summary>
    public CalibrationMethod Method { get; init; } = CalibrationMethod.MeanSquaredError;

    /// <summary>The fraction left out at each end by <see cref="CalibrationMethod.Percentile"/>, 0 to 0.5.</summary>
    public double Percentile { get; init; } = 0.0005;

    /// <summary>Add to each channel what quantization took from its mean on the calibration data: it costs nothing, the sum joins the next table.</summary>
    public bool CorrectBias { get; init; } = true;

    /// <summary>
    /// Choose the integers of weights by the float model's outputs of each layer on the calibration data, and not by how near they are to the floats that they replace (see
    /// docs/compiler.md). Costs no bit and no bootstrap, and a little more time to compile.
    /// </summary>
    public bool MatchOutputs { get; init; } = true;

    /// <summary>
    /// For classifiers, whose outputs are logits: choose the input's step so that the float model keeps its classes on the calibration data. At 2 to 4 bits it matters which inputs
    /// share a level.
    /// </summary>
    public bool MatchClasses { get; init; }

    /// <summary>All widths at once.</summary>
    public static PostTrainingOptions Uniform(int bits) => new() { InputBits = bits, WeightBits = bits, ActivationBits = bits, OutputBits = Math.Max(bits, 8) };

    /// <summary>Refuses settings outside their ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    internal void Validate()
    {
        foreach (int bits in new[] { InputBits, WeightBits, ActivationBits, OutputBits })
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 8);
        }

        ArgumentOutOfRangeException.ThrowIfNegative(Percentile);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Percentile, 0.5);
    }
}
