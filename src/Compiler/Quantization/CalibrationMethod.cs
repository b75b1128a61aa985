namespace BlindGrain.Compiler.Quantization;

/// <summary>How the range of a tensor is chosen from calibration data.</summary>
public enum CalibrationMethod
{
    /// <summary>From the smallest to the largest value: nothing saturates.</summary>
    MinMax,

    /// <summary>Without the outermost <see cref="PostTrainingOptions.Percentile"/> of the values at either end.</summary>
    Percentile,

    /// <summary>The range with the least mean squared error of what is quantized.</summary>
    MeanSquaredError,
}
