namespace BlindGrain.Training.Layers;

/// <summary>Where a quantizer's step comes from.</summary>
internal enum QuantizerScale
{
    /// <summary>It stays as given (Brevitas' <c>CONST</c>).</summary>
    Constant,

    /// <summary>It is learned with the weights (Brevitas' <c>PARAMETER</c>; Esser et al., "Learned Step Size Quantization", ICLR 2020).</summary>
    Learned,

    /// <summary>It is learned, and rounded to a power of two wherever it is used (Brevitas' <c>POWER_OF_TWO</c>).</summary>
    LearnedPowerOfTwo,
}
